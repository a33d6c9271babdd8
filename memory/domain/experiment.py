"""Experiments: arms, and what lift is made of."""

from typing import Literal

from .base import Count, Frozen, MinorUnits
from .outcome import NotEstimable

Arm = Literal["treated", "control"]


class ArmSums(Frozen):
    """Sufficient statistics of one arm over an outcome window, in the shop's currency."""

    arm: Arm
    """Which arm."""
    n_people: Count
    """People assigned, messaged or not (intention to treat)."""
    n_repeat: Count
    """People with at least one further order in the window."""
    n_orders: Count
    """Further orders in the window."""
    revenue_minor: MinorUnits
    """Their revenue, net of refunds, without tax and shipping."""
    revenue_squared: float
    """Sum over people of squared revenue, in minor units squared."""
    margin_minor: MinorUnits | None = None
    """Their margin; null where costs are unknown."""
    cost_minor: MinorUnits = 0
    """Incentives redeemed and sends paid."""


class Interval(Frozen):
    """An estimate with its interval."""

    kind: Literal["interval"] = "interval"
    estimate: float
    """The estimate."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    level: float = 0.95
    """Its coverage."""
    method: str
    """How it was made, with the source."""


Estimate = Interval | NotEstimable
"""A figure or the reason why there is none."""
