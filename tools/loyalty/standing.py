"""In which tier members are: by what they spent, how often they bought, or whichever reaches further."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from memory.domain.loyalty import FULL_PERCENT, TierRule
from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.profile.purchases import purchases

from .members import members_at
from .programmes import Term

DAY_MICROS = 86_400_000_000


def standings(view: LakeView, shop: Shop, rule: TierRule, as_of: datetime) -> ir.Table:
    """Give every member's standing: person_id, joined_at, spent_minor, n_orders, tier_no (0 the lowest).

    What counts are purchases of the rule's window up to `as_of`, also those before joining: goods after discounts and
    refunds in the shop's currency. It is worked out from the facts each time, so that an order lifts at once and a
    refund or cancellation lowers at once.
    """
    bought = purchases(view, shop, as_of)
    if rule.window_days is not None:
        bought = bought.filter(bought.event_at > ibis.literal(as_of - timedelta(days=rule.window_days)))
    sums = bought.group_by(buyer_id=bought.person_id).agg(
        spent_minor=bought.net_minor.sum().cast("int64"), n_orders=bought.count()
    )
    members = members_at(view, shop, as_of)
    joined = members.left_join(sums, members.member_id == sums.buyer_id)
    rows = joined.select(
        "joined_at",
        person_id="member_id",
        spent_minor=ibis.coalesce(joined.spent_minor, 0).cast("int64"),
        n_orders=ibis.coalesce(joined.n_orders, 0).cast("int64"),
    )
    return rows.mutate(tier_no=tier_no(rule, rows.spent_minor, rows.n_orders))


def tier_no(rule: TierRule, spent: ir.IntegerValue, n_orders: ir.IntegerValue) -> ir.IntegerValue:
    """Give the highest tier that a sum and a number of orders reach; a threshold is reached by meeting it."""
    cases = [
        (_reaches(rule, number, spent, n_orders), ibis.literal(number, "int64"))
        for number in range(len(rule.tiers) - 1, 0, -1)
    ]
    lowest = ibis.literal(0, "int64")
    return ibis.cases(*cases, else_=lowest) if cases else lowest


def with_percent(orders: ir.Table, view: LakeView, shop: Shop, terms: Sequence[Term], as_of: datetime) -> ir.Table:
    """Add `percent` of the usual points to orders (fact_id, person_id, event_at, term_no): of the tier before each.

    The tier is that of the purchases before an order, by what is left of them as known now; the order itself lifts
    the next one.
    """
    rules = [term.programme.tier_rule for term in terms]
    if all(tier.percent == FULL_PERCENT for rule in rules for tier in rule.tiers):
        return orders.mutate(percent=ibis.literal(FULL_PERCENT, "int64"))
    before = _before(view, shop, {rule.window_days for rule in rules}, as_of)
    known = orders.left_join(before, orders.fact_id == before.placed_id)
    cases = []
    for term in terms:
        rule = term.programme.tier_rule
        reached = tier_no(rule, known[f"spent_{rule.window_days}"], known[f"n_{rule.window_days}"])
        percents = [(reached == number, tier.percent) for number, tier in enumerate(rule.tiers)]
        cases.append((known.term_no == term.number, ibis.cases(*percents, else_=FULL_PERCENT)))
    done = known.mutate(percent=ibis.cases(*cases, else_=FULL_PERCENT).cast("int64"))
    return done.select(*orders.columns, "percent")


def _before(view: LakeView, shop: Shop, windows: Collection[int | None], as_of: datetime) -> ir.Table:
    """Give per order what its person had bought before: placed_id, and spent_W and n_W per window of W days."""
    orders, bought = view.table("orders"), purchases(view, shop, as_of).select("net_minor", bought_id="fact_id")
    orders = orders.filter(
        orders.shop_id == shop.shop_id, orders.person_id.notnull(), orders.event_at <= ibis.literal(as_of)
    )
    known = orders.left_join(bought, orders.fact_id == bought.bought_id)
    known = known.select(
        "person_id",
        placed_id="fact_id",
        micros=known.event_at.epoch_seconds() * 1_000_000 + known.event_at.microsecond(),
        spent=ibis.coalesce(known.net_minor, 0).cast("int64"),
        n=known.bought_id.notnull().cast("int64"),
    )
    sums = {f"{name}_{days}": _sum_before(known, name, days) for days in windows for name in ("spent", "n")}
    return known.select("placed_id", **sums)


def _sum_before(orders: ir.Table, column: str, window_days: int | None) -> ir.IntegerValue:
    if window_days is None:
        order = [orders.micros, orders.placed_id]
        before = ibis.rows_window(preceding=(None, 1), group_by=orders.person_id, order_by=order)
        return ibis.coalesce(orders[column].sum().over(before), 0).cast("int64")
    window = ibis.range_window(
        preceding=window_days * DAY_MICROS - 1, following=0, group_by=orders.person_id, order_by=orders.micros
    )
    return (orders[column].sum().over(window) - orders[column]).cast("int64")


def _reaches(rule: TierRule, number: int, spent: ir.IntegerValue, n_orders: ir.IntegerValue) -> ir.BooleanValue:
    tier = rule.tiers[number]
    by_spend, by_orders = spent >= tier.min_spend_minor, n_orders >= tier.min_orders
    return {"spend": by_spend, "orders": by_orders, "either": by_spend | by_orders}[rule.basis]
