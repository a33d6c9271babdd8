"""The four cohorts after a peak as segment rules, and the precedence that makes them exclusive.

Every buyer of the peak falls into exactly one, the first whose rule holds:

1. **vip**: bought before the peak, at least three orders in all, and among the best fifth by money.
2. **reactivated**: bought before the peak and either had been silent for 180 days or is not led by discounts.
   So a returning customer who is neither a VIP nor a discount buyer belongs here (S2-40: dormant or returning).
3. **discount_sensitive**: at least half of the orders discounted, at 25 % or deeper on average; new or known.
4. **first_time**: the rest. Known buyers were taken by the rules above, so these bought first in the peak.

Rules are evaluated as of the end of the peak or later; the thresholds are values a shop may set.
"""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from memory.domain.base import Frozen, Rate
from memory.domain.cohort import CohortId
from memory.domain.segment import AllOf, AnyOf, Compare, NotOf, OrderedBetween, SegmentRule

from .peak import Peak

LONG_AGO = "1970-01-01"


class Thresholds(Frozen):
    """Where the cohorts' borders lie."""

    vip_min_orders: Annotated[int, Field(ge=2, le=100)] = 3
    """Orders in all, the peak's included."""
    vip_min_quintile: Annotated[int, Field(ge=1, le=5)] = 5
    """Smallest fifth by money; 5 is the best."""
    dormant_days: Annotated[int, Field(ge=30, le=1460)] = 180
    """Days without an order before the peak that make a customer dormant."""
    discount_order_share: Rate = 0.5
    """Smallest share of orders with a discount."""
    discount_depth_rate: Rate = 0.25
    """Smallest mean discount over the price before discount."""


def bfcm_rules(peak: Peak, thresholds: Thresholds | None = None) -> tuple[tuple[CohortId, SegmentRule], ...]:
    """Give cohort id and rule in order of precedence; each rule holds only for buyers of the peak."""
    at = thresholds or Thresholds()
    bought = OrderedBetween(from_on=str(peak.from_on), until_on=str(peak.until_on + timedelta(days=1)))
    known = OrderedBetween(from_on=LONG_AGO, until_on=str(peak.from_on))
    quiet_from = str(peak.from_on - timedelta(days=at.dormant_days))
    dormant = NotOf(of=OrderedBetween(from_on=quiet_from, until_on=str(peak.from_on)))
    discount = AllOf(
        of=(
            Compare(attribute="discount_order_share", test="ge", value=at.discount_order_share),
            Compare(attribute="discount_depth_rate", test="ge", value=at.discount_depth_rate),
        )
    )
    vip = (
        Compare(attribute="n_orders", test="ge", value=at.vip_min_orders),
        Compare(attribute="m_quintile", test="ge", value=at.vip_min_quintile),
    )
    return (
        ("vip", AllOf(of=(bought, known, *vip))),
        ("reactivated", AllOf(of=(bought, known, AnyOf(of=(dormant, NotOf(of=discount)))))),
        ("discount_sensitive", AllOf(of=(bought, discount))),
        ("first_time", bought),
    )
