"""One row per assigned person: what they did in the window, what they cost, and what they did before."""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.exchange import with_shop_currency
from tools.facts import in_shop_currency, newest_per_sku
from tools.profile import valid_orders

from .redeemed import with_codes, with_gifts
from .window import Ask

RECENT_DAYS = 180
COVARIATES = ("before_orders", "before_recent", "before_money", "before_days")
"""Orders before, orders of the last 180 days before, log of money before, days since the last order."""
DAY_SECONDS = 86_400


def assigned(view: LakeView, members: ir.Table) -> ir.Table:
    """Give the people that the frozen records are now: person_id, cohort, arm, n_arms; each person once.

    Someone with records in both arms gets nothing at hand-off and counts as withheld.
    """
    members, known = members.select("person_id", "cohort", "arm"), view.raw("identities")
    if known.semi_join(members, known.subject_id == members.person_id).count().to_pyarrow().as_py() == 0:
        return members.mutate(n_arms=ibis.literal(1, "int64"))
    frozen = members.rename(frozen_id="person_id")
    joined = frozen.left_join(known, frozen.frozen_id == known.subject_id)
    now = joined.select("cohort", "arm", "frozen_id", now_id=ibis.coalesce(joined.person_id, joined.frozen_id))
    return now.group_by(person_id=now.now_id).agg(
        cohort=now.cohort.argmin(now.frozen_id), arm=now.arm.min(), n_arms=now.arm.nunique()
    )


def bought(view: LakeView, shop: Shop, people: ir.Table, ask: Ask) -> ir.Table:
    """Give people's orders since the start with margin before incentives, what incentives cost, and the day (0, 1, ..).

    Columns: fact_id, person_id, event_at, day, net_minor, margin_minor, incentive_minor, offer_id, gift_offer,
    n_without_cost. Cancelled, unpaid and fully refunded orders are left out.
    """
    orders = valid_orders(view, ask.as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id, orders.event_at >= ibis.literal(ask.window.starts_at))
    orders = orders.semi_join(people, "person_id")
    amounts = {"net_minor": orders.subtotal_minor - orders.refunded_minor, "discounted_minor": orders.discount_minor}
    orders = with_codes(with_shop_currency(orders, view, shop, amounts), view, ask.offers, ask.granted)
    goods = _goods(view, shop, orders, ask)
    joined = orders.left_join(goods, orders.fact_id == goods.order_fact_id)
    seconds = joined.event_at.epoch_seconds() - int(ask.window.starts_at.timestamp())
    gift = ibis.coalesce(joined.gift_minor, 0)
    return joined.select(
        "fact_id", "person_id", "event_at", "net_minor", "offer_id", "gift_offer",
        day=(seconds // DAY_SECONDS).cast("int64"),
        margin_minor=joined.net_minor + joined.off_minor - ibis.coalesce(joined.goods_minor, 0),
        incentive_minor=joined.coded_minor + gift,
        n_without_cost=ibis.coalesce(joined.n_without_cost, 1),
    )  # fmt: skip


def people_outcomes(view: LakeView, shop: Shop, people: ir.Table, orders: ir.Table, ask: Ask) -> ir.Table:
    """Give each person's outcome in floats: 0 where nothing was bought; money in the shop's minor units."""
    done, before = _after(orders, ask), _before(view, shop, people, ask)
    spent = _spent(view, ask)
    rows = people.left_join(done, people.person_id == done.buyer_id)
    rows = rows.left_join(before, people.person_id == before.earlier_id)
    rows = rows.left_join(spent, people.person_id == spent.spent_id)
    zero = {name: ibis.coalesce(rows[name], 0).cast("float64") for name in (*_names(ask), *COVARIATES)}
    cost = zero["incentive"] + ibis.coalesce(rows.spent_minor, 0.0)
    return rows.select("person_id", "cohort", "arm", "n_arms", "first_day", **zero, cost=cost)


def _spent(view: LakeView, ask: Ask) -> ir.Table:
    """Give what was spent per present person: messages name the record they were decided for."""
    now = view.present(view.memory_table("spent", ask.spent))
    return now.group_by(spent_id=now.person_id).agg(spent_minor=now.spent_minor.sum())


def _names(ask: Ask) -> tuple[str, ...]:
    fixed = ("bought", "orders", "revenue", "margin", "incentive", "n_without_cost")
    return (*fixed, *(f"{name}_{days}" for days in ask.horizons for name in ("revenue", "margin", "unknown")))


def _after(orders: ir.Table, ask: Ask) -> ir.Table:
    inside = orders.event_at < ibis.literal(ask.window.ends_at)
    sums = {
        "bought": inside.any().cast("int64"),
        "orders": inside.sum(),
        "revenue": orders.net_minor.sum(where=inside),
        "margin": orders.margin_minor.sum(where=inside),
        "incentive": orders.incentive_minor.sum(where=inside),
        "n_without_cost": orders.n_without_cost.sum(where=inside),
        "first_day": orders.day.min(where=inside),
    }
    for days in ask.horizons:
        until = orders.event_at < ibis.literal(ask.window.starts_at + timedelta(days=days))
        sums[f"revenue_{days}"] = orders.net_minor.sum(where=until)
        sums[f"margin_{days}"] = orders.margin_minor.sum(where=until)
        sums[f"unknown_{days}"] = orders.n_without_cost.sum(where=until)
    return orders.group_by(buyer_id=orders.person_id).agg(**sums)


def _before(view: LakeView, shop: Shop, people: ir.Table, ask: Ask) -> ir.Table:
    orders = valid_orders(view, ask.as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id, orders.event_at < ibis.literal(ask.assigned_at))
    orders = orders.semi_join(people, "person_id")
    orders = in_shop_currency(orders, view, shop)
    recent = orders.event_at >= ibis.literal(ask.assigned_at - timedelta(days=RECENT_DAYS))
    seconds = int(ask.assigned_at.timestamp()) - orders.event_at.max().epoch_seconds()
    money = ibis.greatest(orders.net_minor.sum().cast("float64"), 0.0)
    return orders.group_by(earlier_id=orders.person_id).agg(
        before_orders=orders.count(),
        before_recent=recent.sum(),
        before_money=(money + 1.0).ln(),
        before_days=seconds / DAY_SECONDS,
    )


def _goods(view: LakeView, shop: Shop, orders: ir.Table, ask: Ask) -> ir.Table:
    """Give the cost of goods per order at the newest cost per article, a plan's gifts apart from it."""
    lines, costs = view.table("order_lines"), view.table("costs")
    costs = with_shop_currency(costs.filter(costs.shop_id == shop.shop_id), view, shop, {"unit_cost": costs.cost_minor})
    newest = newest_per_sku(costs, "unit_cost")
    lines = lines.filter(lines.shop_id == shop.shop_id).semi_join(orders, lines.order_fact_id == orders.fact_id)
    lines = with_gifts(lines, view, ask.offers)
    priced = lines.left_join(newest, lines.sku == newest.sku_of)
    is_gift = priced.gift_offer.notnull()
    return priced.group_by("order_fact_id").agg(
        goods_minor=(priced.quantity * ibis.coalesce(priced.unit_cost, 0)).sum(where=~is_gift),
        n_without_cost=(priced.unit_cost.isnull() & ~is_gift).sum(),
        gift_minor=(priced.gift_minor * priced.quantity).sum(),
        gift_offer=priced.gift_offer.max(),
    )
