"""The four cohorts after a peak: mutually exclusive by the order in which they are listed."""

from typing import Literal, get_args

from .base import Count, Frozen
from .segment import SegmentRule

CohortId = Literal["vip", "reactivated", "discount_sensitive", "first_time"]
"""In order of precedence: a buyer of the peak belongs to the first whose rule holds."""
COHORTS: tuple[CohortId, ...] = get_args(CohortId)


class Cohort(Frozen):
    """One cohort of a plan."""

    id: CohortId
    """Which of the four."""
    rule: SegmentRule
    """Who would belong to it before precedence is applied."""
    n_people: Count
    """How many belong to it after precedence, as of the plan's data version."""
    n_reachable: Count
    """How many of them at least one push channel may reach."""
    reachable_by_channel: dict[str, Count] = {}
    """How many each channel may reach."""
    median_basket_minor: int = 0
    """Median order value in the shop's currency."""
    expected_repeat_rate: float | None = None
    """Forecast share that buys again within the goal's window without the plan; null where unknown."""
