"""People: one person's profile with the origin of every value."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path
from pydantic import Field

from agent.reports import PersonProfile, PersonView
from agent.reports.timeline import Timeline
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import people
from memory.domain.base import Frozen

router = APIRouter(prefix="/api/people", tags=["person"], responses=GUARDED)
PersonId = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,64}$", description="The pseudonym.")]


class Address(Frozen):
    """Whom to look for; in the body, because addresses of pages are logged."""

    address: Annotated[str, Field(min_length=3, max_length=320)]
    """An exact e-mail address or phone number."""


@router.post("/look-up")
def look_up(
    acting: Annotated[Acting, Depends(needs(people.SEES_CONTACT))], body: Annotated[Address, Body()]
) -> PersonView:
    """Give the person with exactly this address, found by its keyed hash, with their contact data."""
    return people.look_up(acting, body.address)


@router.get("/{person_id}")
def profile(acting: Annotated[Acting, Depends(needs("read"))], person_id: PersonId) -> PersonProfile:
    """Give one person by pseudonym: category preference, price sensitivity, loyalty status, merged records."""
    return people.profile(acting, person_id)


@router.get("/{person_id}/timeline")
def timeline(acting: Annotated[Acting, Depends(needs("read"))], person_id: PersonId) -> Timeline:
    """Give what happened to one person, newest first, and how their consent stands; no contact data."""
    return people.timeline(acting, person_id)


@router.get("/{person_id}/contact")
def contact(acting: Annotated[Acting, Depends(needs(people.SEES_CONTACT))], person_id: PersonId) -> PersonView:
    """Give one person by pseudonym with their contact data; logged."""
    return people.show(acting, person_id)
