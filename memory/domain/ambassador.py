"""Ambassadors: customers whom a person proposed, another approved, and who said yes (S1-32)."""

from typing import Literal

from .base import Frozen, Instant
from .errors import SecondOrderError

AmbassadorState = Literal["proposed", "refused", "invited", "ambassador", "ended"]
"""Where it stands: an invitation needs a second person; only who accepts it is an ambassador."""


class Ambassador(Frozen):
    """Somebody who was proposed as an ambassador."""

    person_id: str
    """The pseudonym."""
    state: AmbassadorState
    """Where it stands."""
    proposed_by: str
    """Who proposed them."""
    proposed_at: Instant
    """When."""
    decided_by: str = ""
    """Who approved or refused the invitation; empty while it waits."""
    decided_at: Instant | None = None
    """When."""
    accepted_at: Instant | None = None
    """Since when they are an ambassador; what their friends order counts from then on."""
    ended_at: Instant | None = None
    """Since when they are none any more."""


class OwnProposal(SecondOrderError):
    """{principal} proposed {person} and may not approve the invitation; ask another approver."""

    http_status = 403
