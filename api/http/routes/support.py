"""Support: find a person, see why they got a message, stop everything."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as PathParameter
from pydantic import Field

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import support
from memory.domain.base import Frozen

router = APIRouter(prefix="/api/support", tags=["support"], responses=GUARDED)
Helping = Annotated[Acting, Depends(needs("contact"))]
PersonId = Annotated[str, PathParameter(pattern=r"^[A-Za-z0-9_.-]{1,64}$", description="The person's pseudonym.")]


class Asked(Frozen):
    """Whom support looks for."""

    address: Annotated[str, Field(min_length=3, max_length=320, examples=["ann@example.invalid"])]
    """The exact e-mail address or phone number; never a part of one."""


class Stop(Frozen):
    """Why everything is stopped."""

    note: Annotated[str, Field(max_length=500)] = ""
    """What the person said, without personal data."""


@router.post("/people")
def find(acting: Helping, body: Asked) -> list[support.FoundPerson]:
    """Find who has exactly this address in the shop; an empty list where nobody has it."""
    return list(support.find(acting, body.address))


@router.get("/people/{person_id}/messages")
def why(acting: Helping, person_id: PersonId) -> list[support.WhyMessage]:
    """Say what a person was sent and why, newest first."""
    return list(support.why(acting, person_id))


@router.post("/people/{person_id}/stop")
def stop(acting: Helping, person_id: PersonId, body: Stop) -> support.Stopped:
    """Stop everything but receipts to a person; no message is claimed for them any more."""
    return support.stop_all(acting, person_id, body.note)
