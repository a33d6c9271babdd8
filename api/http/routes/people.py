"""People: one person's profile with the origin of every value."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path
from pydantic import Field

from agent.reports import PersonView
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import people
from memory.domain.base import Frozen

router = APIRouter(prefix="/api/people", tags=["person"], responses=GUARDED)


class Address(Frozen):
    """Whom to look for; in the body, because addresses of pages are logged."""

    address: Annotated[str, Field(min_length=3, max_length=320)]
    """An exact e-mail address or phone number."""


@router.post("/look-up")
def look_up(acting: Annotated[Acting, Depends(needs("contact"))], body: Annotated[Address, Body()]) -> PersonView:
    """Give the person with exactly this address, found by its keyed hash."""
    return people.look_up(acting, body.address)


@router.get("/{person_id}")
def show(
    acting: Annotated[Acting, Depends(needs("read"))],
    person_id: Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,64}$", description="The pseudonym.")],
) -> PersonView:
    """Give one person: category preference, price sensitivity, loyalty status, merged records; contact if allowed."""
    return people.show(acting, person_id)
