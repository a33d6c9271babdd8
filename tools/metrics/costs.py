"""What a new customer and a second order cost, from the spend ledger (S1-03, S1-06, S1-64)."""

from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from memory.domain.base import Count, Frozen, MinorUnits
from memory.domain.market import Shop
from memory.domain.money import Currency
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView
from tools.exchange import with_shop_currency

from .local_day import day_number
from .numbered import numbered, purchase_days

CLAIMED_RATIO = 0.2
"""The seed article's claim that keeping costs a fifth of winning; an editable assumption without a source."""


class CostPer(Frozen):
    """Marketing money per result."""

    spent_minor: MinorUnits
    """Money spent, periods that overlap only in part counted by days."""
    n_results: Count
    """What it was spent for: new customers, or second orders."""
    cost_minor: MinorUnits
    """Money per result, rounded."""
    currency: Currency
    """The shop's currency."""


class Costs(Frozen):
    """Winning a first order beside winning a second one, in one period."""

    first_order: CostPer | NotEstimable
    """Pre-purchase spend per new customer (CAC)."""
    second_order: CostPer | NotEstimable
    """Post-purchase spend per second order."""
    ratio: float | None = None
    """Second over first; null where either is not estimable."""
    claimed_ratio: float = CLAIMED_RATIO
    """What is often claimed, an assumption without a source."""


def costs(view: LakeView, shop: Shop, from_on: date, until_on: date, as_of: datetime) -> Costs:
    """Give both costs for the days from_on..until_on (both included) in the shop's zone.

    Spend of a ledger period counts by its days inside; customers and second orders by the shop's days.
    All spend of a stage is divided by all results: an average, not what one more would cost.
    """
    spent = _spent(view, shop, from_on, until_on)
    n_first, n_second = _results(view, shop, from_on, until_on, as_of)
    first = _cost(spent.get("pre_purchase"), n_first, "new customers", shop)
    second = _cost(spent.get("post_purchase"), n_second, "second orders", shop)
    ratio = None
    if isinstance(first, CostPer) and isinstance(second, CostPer) and first.cost_minor:
        ratio = (second.spent_minor / second.n_results) / (first.spent_minor / first.n_results)
    return Costs(first_order=first, second_order=second, ratio=ratio)


def _spent(view: LakeView, shop: Shop, from_on: date, until_on: date) -> dict[str, int]:
    spend = view.table("spend")
    spend = spend.filter(
        spend.shop_id == shop.shop_id,
        spend.period_start <= ibis.literal(until_on),
        spend.period_end >= ibis.literal(from_on),
    )
    spend = with_shop_currency(spend, view, shop, {"own_minor": spend.amount_minor})
    starts, ends = (
        ibis.greatest(spend.period_start, ibis.literal(from_on)),
        ibis.least(spend.period_end, ibis.literal(until_on)),
    )
    part = spend.own_minor * _days(ends, starts) / _days(spend.period_end, spend.period_start)
    spend = spend.mutate(part=part.round().cast("int64"))
    sums = spend.group_by("stage").agg(spent=spend.part.sum().cast("int64"))
    return {row["stage"]: row["spent"] for row in sums.to_pyarrow().to_pylist()}


def _days(last: ir.DateValue, first: ir.DateValue) -> ir.IntegerValue:
    """Give the days from first to last, both included; dates have no midnights to trip over."""
    seconds = last.cast("timestamp").epoch_seconds() - first.cast("timestamp").epoch_seconds()
    return seconds // 86_400 + 1


def _results(view: LakeView, shop: Shop, from_on: date, until_on: date, as_of: datetime) -> tuple[int, int]:
    days = numbered(purchase_days(view, shop, as_of))
    days = days.filter(days.day >= day_number(from_on), days.day <= day_number(until_on))
    row = days.aggregate(
        first=days.count(where=days.order_number == 1), second=days.count(where=days.order_number == 2)
    )
    found = row.to_pyarrow().to_pylist()[0]
    return found["first"], found["second"]


def _cost(spent_minor: int | None, n: int, what: str, shop: Shop) -> CostPer | NotEstimable:
    if spent_minor is None:
        return NotEstimable(
            code="missing_data",
            message="The spend ledger holds nothing for it in this period; add it with `secondorder import spend`.",
        )
    if not n:
        return NotEstimable(code="too_few_buyers", message=f"There were no {what} in the period.")
    return CostPer(spent_minor=spent_minor, n_results=n, cost_minor=round(spent_minor / n), currency=shop.currency)
