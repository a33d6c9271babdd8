"""What is asked of an outcome reading: the time, the offers whose use is looked for, what people cost so far."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa

from memory.domain.base import Frozen, Instant
from memory.domain.experiment import Arm
from memory.domain.offer import Offer
from memory.domain.plan import Plan

SPENT_SCHEMA = pa.schema([("person_id", pa.string()), ("spent_minor", pa.float64())])
"""What each person cost besides what their orders show: sends, and incentives that orders cannot show."""


class OutcomeWindow(Frozen):
    """The time in which further orders count."""

    starts_at: Instant
    """First instant."""
    ends_at: Instant
    """First instant after it."""

    @property
    def n_days(self) -> int:
        """Whole days, a begun one included; at least 1."""
        return max(1, -(-(self.ends_at - self.starts_at) // timedelta(days=1)))


def outcome_window(plan: Plan, live_at: datetime) -> OutcomeWindow:
    """Give when orders count for a plan: from day 0, or from its go-live where that was later, to the goal's end."""
    starts, ends = (
        datetime.combine(plan.anchor_on + timedelta(days=days), time(), ZoneInfo(plan.zone))
        for days in (0, plan.goal.within_days)
    )
    return OutcomeWindow(starts_at=max(starts, live_at), ends_at=ends)


class ArmKey(NamedTuple):
    """Which sums."""

    cohort: str
    """The cohort; empty for all of them."""
    arm: Arm
    """The arm."""


@dataclass(frozen=True)
class Ask:
    """One reading."""

    window: OutcomeWindow
    """When further orders count."""
    as_of: datetime
    """The instant the facts are read at."""
    assigned_at: datetime
    """When people got their arm: what they did before it adjusts the comparison."""
    offers: tuple[Offer, ...] = ()
    """Offers whose use orders may show."""
    spent: pa.Table = field(default_factory=SPENT_SCHEMA.empty_table)
    """`SPENT_SCHEMA`; several rows of a person are added."""
    granted: pa.Table | None = None
    """Codes that people were given (`tools.outcomes.redeemed.GRANTED_SCHEMA`); none where nobody was given one."""
    horizons: tuple[int, ...] = ()
    """Days after `starts_at` to which revenue and margin are summed; only those that are over are read."""
