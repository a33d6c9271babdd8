"""Autonomy: how far an action may go by itself, granted by a named person for a time."""

from typing import Literal, Self

from pydantic import model_validator

from .base import Count, Frozen, Instant, ShopId
from .money import Money

AutonomyAction = Literal["plan_live", "release_advance"]
"""Taking a plan live, letting a staged release reach more people."""
AutonomyLevel = Literal[0, 1, 2, 3]
"""0 draft only, 1 go after an approval, 2 go below thresholds, 3 go inside all guardrails."""


class Thresholds(Frozen):
    """What level 2 may reach, cost and lose; all three hold at once."""

    max_reach: Count
    """Most people."""
    max_cost: Money
    """Highest expected cost."""
    max_worst_loss: Money
    """Highest cost if everybody redeems and nobody buys more for it."""


class AutonomyGrant(Frozen):
    """One grant. Grants are never changed, only revoked; the latest that stands counts."""

    id: str
    """Its id."""
    shop_id: ShopId
    """Where it holds."""
    action: AutonomyAction
    """For what."""
    level: AutonomyLevel
    """How far."""
    thresholds: Thresholds | None = None
    """The thresholds of level 2."""
    granted_by: str
    """The person who answers for it."""
    granted_at: Instant
    """When."""
    expires_at: Instant
    """Until when; afterwards the action is back at level 1."""
    note: str = ""
    """Why, in their words."""
    revoked_by: str = ""
    """Who took it back."""
    revoked_at: Instant | None = None
    """When."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.level == 2) != (self.thresholds is not None):
            raise ValueError("level 2 and only level 2 has thresholds")
        if self.expires_at <= self.granted_at:
            raise ValueError("it must expire after it is granted")
        return self


class AutonomyDecision(Frozen):
    """What an autonomy level makes of one action."""

    kind: Literal["go", "ask", "draft"]
    """Go on, ask a person at a gate, or stop at the draft."""
    level: AutonomyLevel
    """The level that held."""
    grant_id: str = ""
    """The grant behind it; empty where none stands."""
    reasons: tuple[str, ...] = ()
    """Why it may not go on by itself, in words."""
