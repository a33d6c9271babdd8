"""Days between orders: how long people take from one order to the next."""

from datetime import datetime

import ibis.expr.types as ir

from memory.domain.base import Count, Frozen
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView

from .interval import MIN_PEOPLE, too_few
from .numbered import numbered, purchase_days


class DaysBetween(Frozen):
    """The gaps between orders that were followed by another one."""

    n_gaps: Count
    """How many gaps."""
    median_days: float
    """Half of them are no longer."""
    p80_days: float
    """Four fifths of them are no longer."""
    p95_days: float
    """Nineteen of twenty are no longer."""


def days_between(
    view: LakeView, shop: Shop, as_of: datetime, *, to_order: int | None = None, members: ir.Table | None = None
) -> DaysBetween | NotEstimable:
    """Give quantiles of the shop's days between consecutive purchases up to `as_of`.

    `to_order` keeps only the gap that ends in that order number (2: first to second), `members` (`person_id`)
    only these people. Orders that nobody followed up are not in it, so the figure says how fast returners
    return, never how many do. Not estimable below 30 gaps.
    """
    purchases = purchase_days(view, shop, as_of)
    if members is not None:
        purchases = purchases.semi_join(members, "person_id")
    purchases = numbered(purchases)
    number = purchases.order_number
    purchases = purchases.filter(number == to_order if to_order else number > 1)
    days = purchases.days_since.cast("float64")
    sums = purchases.aggregate(n=purchases.count(), p50=days.median(), p80=days.quantile(0.8), p95=days.quantile(0.95))
    row = sums.to_pyarrow().to_pylist()[0]
    refusal = too_few(row["n"], "gaps between orders", MIN_PEOPLE)
    return refusal or DaysBetween(n_gaps=row["n"], median_days=row["p50"], p80_days=row["p80"], p95_days=row["p95"])
