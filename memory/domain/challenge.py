"""Challenges: customers show what they made; what they sent waits for a person, and for their consent (S1-31)."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Frozen, Instant, Slug
from .community import HttpsLink
from .market import CountryCode

SubmissionState = Literal["waiting", "accepted", "refused"]
"""Where a submission stands with the people who look at it."""


class Challenge(Frozen):
    """An invitation to show something, for some markets and days."""

    id: Slug
    """Its name within the shop."""
    title: Annotated[str, Field(min_length=1, max_length=100)]
    """What customers see it called."""
    rules: Annotated[str, Field(min_length=1, max_length=4000)]
    """What to do, and what is done with it, in the shop's words."""
    hashtag: Annotated[str, Field(pattern=r"^#\w{1,60}$")]
    """The tag that posts carry."""
    starts_on: date
    """First day, in the shop's zone."""
    ends_on: date
    """Last day."""
    markets: Annotated[tuple[CountryCode, ...], Field(min_length=1, max_length=60)]
    """Whose customers may take part."""

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError("a challenge ends on the day it starts or later")
        return self


class RightsConsent(Frozen):
    """Somebody allowed the shop to use what they made."""

    source: Annotated[str, Field(min_length=1, max_length=200)]
    """Where they said so: a form, a message, a comment."""
    given_at: Instant
    """When."""


class Sent(Frozen):
    """What somebody hands in."""

    link: HttpsLink
    """The post."""
    submitted_at: Instant
    """When they made it."""
    rights: RightsConsent | None = None
    """Their consent to its use; null where they gave none, and nothing of it may be used."""


class Submission(Frozen):
    """A submission as the shop keeps it."""

    id: str
    """Made of challenge and link: one post is one submission."""
    challenge_id: str
    """Of which challenge."""
    person_id: str
    """The pseudonym."""
    link: str
    """The post."""
    submitted_at: Instant
    """When it was made."""
    rights: RightsConsent | None
    """Consent to its use; null where there is none, or none any more."""
    state: SubmissionState
    """What people decided about it."""
    decided_by: str = ""
    """Who decided; empty while it waits."""
    decided_at: Instant | None = None
    """When."""
    why: str = ""
    """Why, in their words."""

    @property
    def may_be_used(self) -> bool:
        """Whether the shop may show it: a person accepted it, and whoever made it consents."""
        return self.state == "accepted" and self.rights is not None
