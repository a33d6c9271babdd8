"""The repeat curve: how many reach the second, third, fourth and fifth order, and how fast (S1-64)."""

from datetime import datetime

import ibis.expr.types as ir

from memory.domain.base import Count, Frozen, Rate
from memory.domain.experiment import Interval
from memory.domain.market import Shop
from memory.lake.view import LakeView

from .interval import wilson
from .numbered import numbered, purchase_days

MAX_ORDERS = 5


class RepeatStep(Frozen):
    """One order number."""

    order_number: Count
    """1 for the first order."""
    n_people: Count
    """People who reached it by `as_of`."""
    of_first: Interval
    """Their share of all who placed a first order."""
    of_previous_rate: Rate
    """Their share of those who reached the order before; 1 for the first."""
    median_days: float | None = None
    """Median of the shop's days since the order before; null for the first and where nobody reached it."""


def repeat_curve(
    view: LakeView, shop: Shop, members: ir.Table, as_of: datetime, *, max_orders: int = MAX_ORDERS
) -> tuple[RepeatStep, ...]:
    """Give the steps 1..`max_orders` of `members` (`person_id`) up to `as_of`; empty where nobody ordered.

    People who still have time to order again count as not having reached the step: shares of a young
    cohort are lower bounds.
    """
    days = numbered(purchase_days(view, shop, as_of).semi_join(members, "person_id"))
    days = days.filter(days.order_number <= max_orders)
    steps = days.group_by("order_number").agg(n=days.count(), median_days=days.days_since.cast("float64").median())
    found = {row["order_number"]: row for row in steps.to_pyarrow().to_pylist()}
    if not found:
        return ()
    n_first, n_before, curve = found[1]["n"], found[1]["n"], []
    for number in range(1, max_orders + 1):
        row = found.get(number, {"n": 0, "median_days": None})
        curve.append(
            RepeatStep(
                order_number=number,
                n_people=row["n"],
                of_first=wilson(row["n"], n_first),
                of_previous_rate=row["n"] / n_before if n_before else 0.0,
                median_days=row["median_days"],
            )
        )
        n_before = row["n"]
    return tuple(curve)
