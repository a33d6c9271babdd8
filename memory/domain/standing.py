"""Standing holdouts: people whom no plan of a shop messages, so that all plans together can be measured."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from .base import Frozen, ShopId

CORE = "standing.core"
"""Experiment of the core: whoever is in it stays."""
WITHHELD = "standing"
"""The arm, in a plan's experiment, of people whom a standing holdout withholds: no part of the plan's comparison."""
SmallRate = Annotated[float, Field(ge=0, le=0.2)]


class StandingHoldout(Frozen):
    """A small permanent core, and a share that changes with each period."""

    shop_id: ShopId
    """Whose."""
    core_rate: SmallRate = 0.01
    """Share withheld for good."""
    rotating_rate: SmallRate = 0.0
    """Share withheld for one period; the next period draws anew."""
    period_days: Annotated[int, Field(ge=28, le=366)] = 90
    """Length of a period; a plan keeps the draw of the period it went live in."""
    started_on: date
    """First day of the first period of this length."""

    def rotating(self, on: date) -> str:
        """Give the experiment of the period a day falls in: it has that period's first day as its name."""
        n_over = max(0, (on - self.started_on).days // self.period_days)
        return f"standing.{self.started_on + timedelta(days=n_over * self.period_days)}"
