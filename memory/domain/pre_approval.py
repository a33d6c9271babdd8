"""Pre-approved periods: what a plan may do while its approver is away, who acts meanwhile, and what came of it."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from .approval_rules import PrincipalId
from .base import Count, Frozen, Instant, MinorUnits, ShopId
from .money import Money


class PeriodLimits(Frozen):
    """What the plan may do in the period."""

    max_reach: Annotated[Count, Field(ge=1)]
    """Most people it may write to."""
    max_cost: Money
    """Most it may spend on messages and incentives."""


class PreApproval(Frozen):
    """One period of one plan. It is never changed, only revoked; guardrails hold beside it."""

    id: str
    """Its id."""
    shop_id: ShopId
    """Whose plan."""
    plan_id: str
    """Which plan; those that take over from it are meant as well."""
    name: Annotated[str, Field(min_length=1, max_length=100)]
    """What people call it, such as Spring Festival."""
    starts_at: Instant
    """From when."""
    ends_at: Instant
    """Until when; the digest is told then."""
    limits: PeriodLimits
    """What the plan may do in it."""
    deputy: PrincipalId
    """Who may decide about the plan's requests in it."""
    granted_by: str
    """The approver who is away."""
    granted_at: Instant
    """When."""
    revoked_by: str = ""
    """Who took it back."""
    revoked_at: Instant | None = None
    """When; it ends then."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("a period ends after it begins")
        if self.deputy == self.granted_by:
            raise ValueError("nobody is their own deputy")
        return self

    def holds(self, at: Instant) -> bool:
        """Say whether it holds at an instant."""
        return self.starts_at <= at < (self.revoked_at or self.ends_at) and at < self.ends_at


class DigestLine(Frozen):
    """How messages of one step ended, or stand, in the period."""

    step_id: str
    """The step."""
    channel: str
    """Where they go."""
    state: str
    """Sent, suppressed, failed, unknown, claimed, or planned where they wait."""
    reason: str
    """Why, where there is a reason."""
    n: Count
    """How many."""


class DigestDeed(Frozen):
    """Something that was done about the plan in the period."""

    at: Instant
    """When."""
    by: str
    """Who."""
    action: str
    """What, as the audit log names it."""
    in_place_of: str = ""
    """The approver in whose place a deputy decided."""


class PeriodDigest(Frozen):
    """Everything that was sent or stopped in a period."""

    period: PreApproval
    """Which."""
    n_reached: Count
    """People the plan wrote to in it."""
    cost_millis: MinorUnits
    """What its messages cost, in thousandths of a minor unit of the limit's currency."""
    lines: tuple[DigestLine, ...]
    """How messages ended or stand, by step and channel."""
    deeds: tuple[DigestDeed, ...]
    """What people and the system did about the plan, in order."""

    def n_of(self, *states: str) -> int:
        """Give how many messages ended in one of these states."""
        return sum(line.n for line in self.lines if line.state in states)
