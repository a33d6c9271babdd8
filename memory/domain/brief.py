"""The brief: what a marketer asks for, as typed values that chat turns into changes."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from .base import Frozen, Rate, Slug
from .cohort import CohortId
from .market import Channel, CountryCode, Language
from .message import MessageKind
from .money import Money

GoalMetric = Literal["rpr", "clv", "aov", "referral_rate"]


class Goal(Frozen):
    """What the plan is measured by."""

    metric: GoalMetric = "rpr"
    """The decision metric; repeat purchase by default."""
    within_days: Annotated[int, Field(ge=7, le=365)] = 90
    """The window in which it is read."""
    baseline: float | None = None
    """Where it stands."""
    target: float | None = None
    """Where it should go."""


class Brief(Frozen):
    """The marketer's wishes. Guardrails always win over it."""

    goal: Goal = Goal()
    """What for."""
    anchor_on: date | None = None
    """Day 0 of the 90 days; the day after the peak where none is given."""
    peak_from: date | None = None
    """First day of the peak whose buyers the plan is for; BFCM of the data's last year where none is given."""
    peak_until: date | None = None
    """Last day of the peak."""
    budget: Money | None = None
    """The most the plan may spend; the guardrail's plan budget where none is given."""
    excluded: tuple[tuple[CountryCode, Channel], ...] = ()
    """Channels not used in a market."""
    excluded_channels: tuple[Channel, ...] = ()
    """Channels not used anywhere."""
    excluded_kinds: tuple[MessageKind, ...] = ()
    """Message kinds not used."""
    early_access_first: tuple[CohortId, ...] = ("vip",)
    """Cohorts that may buy before others."""
    priority: tuple[CohortId, ...] = ()
    """Cohorts the budget goes to first."""
    holdout_rate: Rate | None = None
    """Share withheld; the guardrail's where none is given."""
    app_priority: bool = False
    """Whether the app matters enough for a nudge."""
    languages: tuple[Language, ...] = ()
    """Languages of copy; the markets' where none is given."""
    moved_steps: dict[str, int] = {}
    """Day offsets a marketer set by hand, per step id."""
    removed_steps: tuple[str, ...] = ()
    """Step ids a marketer took out."""
    notes: tuple[str, ...] = ()
    """What the marketer said that no field holds; shown, never acted on."""


class SetBudget(Frozen):
    """Spend at most this much."""

    op: Literal["set_budget"] = "set_budget"
    budget: Money


class ExcludeChannel(Frozen):
    """Use the channel in no market, or not in this one."""

    op: Literal["exclude_channel"] = "exclude_channel"
    channel: Channel
    market: CountryCode | None = None


class AllowChannel(Frozen):
    """Take back an exclusion."""

    op: Literal["allow_channel"] = "allow_channel"
    channel: Channel
    market: CountryCode | None = None


class EarlyAccessFirst(Frozen):
    """Let this cohort buy first."""

    op: Literal["early_access_first"] = "early_access_first"
    cohort: CohortId


class Prioritise(Frozen):
    """Give this cohort the budget first."""

    op: Literal["prioritise"] = "prioritise"
    cohort: CohortId


class SetHoldout(Frozen):
    """Withhold this share."""

    op: Literal["set_holdout"] = "set_holdout"
    rate: Rate


class SetAnchor(Frozen):
    """Start the 90 days on this day."""

    op: Literal["set_anchor"] = "set_anchor"
    on: date


class SetPeak(Frozen):
    """Plan for the buyers of this period."""

    op: Literal["set_peak"] = "set_peak"
    from_on: date
    until_on: date


class ExcludeKind(Frozen):
    """Leave out a kind of message."""

    op: Literal["exclude_kind"] = "exclude_kind"
    kind: MessageKind


class MoveStep(Frozen):
    """Send a step on another day."""

    op: Literal["move_step"] = "move_step"
    step_id: Slug
    day: Annotated[int, Field(ge=0, le=90)]


class RemoveStep(Frozen):
    """Take a step out."""

    op: Literal["remove_step"] = "remove_step"
    step_id: Slug


class SetGoal(Frozen):
    """Measure the plan by this."""

    op: Literal["set_goal"] = "set_goal"
    goal: Goal


class AppPriority(Frozen):
    """Say whether the app matters."""

    op: Literal["app_priority"] = "app_priority"
    on: bool


BriefChange = Annotated[
    SetBudget
    | ExcludeChannel
    | AllowChannel
    | EarlyAccessFirst
    | Prioritise
    | SetHoldout
    | SetAnchor
    | SetPeak
    | ExcludeKind
    | MoveStep
    | RemoveStep
    | SetGoal
    | AppPriority,
    Field(discriminator="op"),
]
"""One typed change a chat turn can make."""
