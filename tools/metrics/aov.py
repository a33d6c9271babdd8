"""Average order value: revenue over orders in a period (S2-59), new against returning customers (S1-04)."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.base import Count, Frozen, MinorUnits
from memory.domain.experiment import Interval
from memory.domain.market import Shop
from memory.domain.money import Currency
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView
from tools.profile.purchases import purchases

from .interval import mean
from .local_day import local_day

RULE = "goods after discount, net of refunds, without tax and shipping, in the shop's currency"
"""What counts as revenue, said beside every figure."""
CLAIMED_LOYAL_RATIO = 1.67
"""The seed article's claim that loyal customers' baskets are 67 % larger; unsourced, shown only for comparison."""


class Aov(Frozen):
    """An average order value."""

    n_orders: Count
    """Purchases in the period."""
    revenue_minor: MinorUnits
    """Their revenue."""
    aov_minor: Interval
    """Revenue per order, in minor units."""
    currency: Currency
    """The shop's currency."""
    rule: str = RULE
    """What counts as revenue."""


class AovByLoyalty(Frozen):
    """Baskets of the first day of purchase beside those of later days."""

    new: Aov | NotEstimable
    """Orders of people's first day of purchase."""
    returning: Aov | NotEstimable
    """Orders of later days."""
    ratio: float | None = None
    """Returning over new; null where either is not estimable."""
    claimed_ratio: float = CLAIMED_LOYAL_RATIO
    """What is often claimed, without a source."""


def aov(view: LakeView, shop: Shop, begins_at: datetime, ends_at: datetime) -> Aov | NotEstimable:
    """Give revenue over orders of the purchases in [begins, ends); not estimable below two orders."""
    return aov_of(_in_period(purchases(view, shop, ends_at), begins_at, ends_at), shop)


def aov_by_loyalty(view: LakeView, shop: Shop, begins_at: datetime, ends_at: datetime) -> AovByLoyalty:
    """Give the same for people's first day of purchase and for later ones, and their ratio, which is not causal."""
    orders = purchases(view, shop, ends_at)
    orders = orders.mutate(day=local_day(orders.event_at, shop.zone))
    first = orders.group_by("person_id").agg(first_day=orders.day.min())
    orders = _in_period(orders.join(first, "person_id"), begins_at, ends_at)
    new = aov_of(orders.filter(orders.day == orders.first_day), shop)
    returning = aov_of(orders.filter(orders.day > orders.first_day), shop)
    ratio = None
    if isinstance(new, Aov) and isinstance(returning, Aov) and new.revenue_minor:
        ratio = returning.aov_minor.estimate / new.aov_minor.estimate
    return AovByLoyalty(new=new, returning=returning, ratio=ratio)


def _in_period(orders: ir.Table, begins_at: datetime, ends_at: datetime) -> ir.Table:
    return orders.filter(orders.event_at >= ibis.literal(begins_at), orders.event_at < ibis.literal(ends_at))


def aov_of(orders: ir.Table, shop: Shop) -> Aov | NotEstimable:
    """Give revenue over orders of some purchases with `net_minor`; not estimable below two."""
    net = orders.net_minor
    sums = orders.aggregate(
        n=orders.count(),
        total=ibis.coalesce(net.sum().cast("int64"), 0),
        squared=(net.cast("float64") * net.cast("float64")).sum(),
    )
    row = sums.to_pyarrow().to_pylist()[0]
    if row["n"] < 2:
        return NotEstimable(code="too_few_buyers", message=f"{row['n']} orders; a mean needs at least 2.")
    return Aov(
        n_orders=row["n"],
        revenue_minor=row["total"],
        aov_minor=mean(row["n"], row["total"], row["squared"]),
        currency=shop.currency,
    )
