"""Planned looks: on which days an experiment is read, fixed before it starts."""

from typing import Annotated

from pydantic import Field

from .base import Frozen, Rate, ShopId

EVERY_DAYS = 14
"""Days between the looks that are planned where nobody says otherwise; the first one is the day-14 review."""


class LookPlan(Frozen):
    """When a plan's experiment is read."""

    plan_id: str
    """The plan."""
    shop_id: ShopId
    """Whose."""
    days: tuple[Annotated[int, Field(ge=1, le=400)], ...] = Field(min_length=1)
    """Days after the first instant that counts, growing; the last is the end of the window."""
    alpha: Rate = 0.05
    """Error probability over all looks together (two-sided)."""


def default_days(n_days: int) -> tuple[int, ...]:
    """Give every 14th day and the last of a window of `n_days`; one within a week of the last is left out."""
    return (*range(EVERY_DAYS, n_days - EVERY_DAYS // 2, EVERY_DAYS), n_days)
