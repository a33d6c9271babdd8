"""Support: find a person, see why they got a message, stop everything."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Path as PathParameter
from pydantic import Field

from agent.consents.answering import Answer
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import support
from memory.domain.base import Frozen

router = APIRouter(prefix="/api/support", tags=["support"], responses=GUARDED)
Helping = Annotated[Acting, Depends(needs("contact"))]
PersonId = Annotated[str, PathParameter(pattern=r"^[A-Za-z0-9_.-]{1,64}$", description="The person's pseudonym.")]
Language = Annotated[str, Query(pattern=r"^([a-z]{2})?$", description="en, zh, de, fr, es or ja; theirs where empty.")]


class Asked(Frozen):
    """Whom support looks for."""

    address: Annotated[str, Field(min_length=3, max_length=320, examples=["ann@example.invalid", "#1001"])]
    """The exact e-mail address, phone number or order number; never a part of one."""


class Stop(Frozen):
    """Why everything is stopped."""

    note: Annotated[str, Field(max_length=500)] = ""
    """What the person said, without personal data."""


@router.post("/people")
def find(acting: Helping, body: Asked) -> list[support.FoundPerson]:
    """Find whose address or order number in the shop is exactly this; an empty list where it is nobody's."""
    return list(support.find(acting, body.address))


@router.get("/people/{person_id}/messages")
def why(acting: Helping, person_id: PersonId) -> list[support.WhyMessage]:
    """Say what a person was sent and why, newest first."""
    return list(support.why(acting, person_id))


@router.get("/people/{person_id}/answer")
def answer(acting: Helping, person_id: PersonId, language: Language = "") -> Answer:
    """Write why the person got their last message, with the consent's source, in their language or the one named."""
    return support.answer(acting, person_id, language)


@router.post("/people/{person_id}/stop")
def stop(acting: Helping, person_id: PersonId, body: Stop) -> support.Stopped:
    """Stop everything but receipts to a person; no message is claimed for them any more."""
    return support.stop_all(acting, person_id, body.note)
