"""Staged release: a plan reaches few of its treated people first, and more only after a dated wait without harm."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Count, Frozen, Instant, Rate, ShopId

LONGEST_HOURS = 44
"""A message lapses two days after it was due; stages that end before keep the staging from losing any."""


class ReleaseStage(Frozen):
    """A share of the treated people, and how long it is watched."""

    share_rate: Annotated[float, Field(gt=0, lt=1)]
    """Share of the treated people that messages may reach."""
    wait_hours: Annotated[int, Field(ge=1, le=LONGEST_HOURS)]
    """Hours before more may be reached."""


class ReleaseRule(Frozen):
    """The stages, and what counts as harm."""

    stages: tuple[ReleaseStage, ...] = (
        ReleaseStage(share_rate=0.01, wait_hours=12),
        ReleaseStage(share_rate=0.10, wait_hours=24),
    )
    """In order, growing; all treated people follow after the last."""
    max_failure_rate: Rate = 0.05
    """Share of hand-offs that a provider refuses for good."""
    max_bounce_rate: Rate = 0.03
    """Share of messages whose address bounced."""
    max_complaint_rate: Rate = 0.003
    """Share of messages somebody complained about."""
    max_unsubscribe_rate: Rate = 0.02
    """Share of messages after which somebody left."""
    min_messages: Annotated[int, Field(ge=20, le=100_000)] = 50
    """Fewer messages than this show no harm yet."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        shares = [stage.share_rate for stage in self.stages]
        if shares != sorted(set(shares)):
            raise ValueError("each stage must reach more people than the one before")
        if sum(stage.wait_hours for stage in self.stages) > LONGEST_HOURS:
            raise ValueError(f"all waits together may not exceed {LONGEST_HOURS} hours, or messages would lapse")
        return self


class Release(Frozen):
    """Where the release of a plan stands."""

    plan_id: str
    """The plan."""
    shop_id: ShopId
    """Whose."""
    stage: Count
    """Position of the present stage; the number of stages once all are reached."""
    share_rate: Rate
    """Share of the treated people that messages may reach."""
    entered_at: Instant
    """When the stage began."""
    advance_at: Instant
    """When it may end."""
    status: Literal["going", "asking", "done", "stopped"]
    """`asking` waits for a person's word, `stopped` was ended by harm or by a person."""
    reason: str = ""
    """Why it stopped or waits, in words."""


class Harm(Frozen):
    """One rate that is above its threshold beyond chance."""

    what: Literal["failure", "bounce", "complaint", "unsubscribe"]
    """Which."""
    n_messages: Count
    """Out of so many."""
    n_harmed: Count
    """So many."""
    rate: Rate
    """The share seen."""
    low_rate: Rate
    """Lower end of its 95 % interval (Wilson); above the threshold."""
    max_rate: Rate
    """The threshold."""
