"""Arm sums: sufficient statistics of both arms over an outcome window, by intention to treat."""

from datetime import datetime
from typing import Any, NamedTuple

import ibis
import ibis.expr.types as ir

from memory.domain.base import Frozen, Instant
from memory.domain.experiment import Arm, ArmSums
from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.exchange import with_shop_currency
from tools.profile import purchases


class OutcomeWindow(Frozen):
    """The time in which further orders count."""

    starts_at: Instant
    """First instant."""
    ends_at: Instant
    """First instant after it."""


class ArmKey(NamedTuple):
    """Which sums."""

    cohort: str
    """The cohort; empty for all of them."""
    arm: Arm
    """The arm."""


def arm_sums(
    view: LakeView, shop: Shop, members: ir.Table, window: OutcomeWindow, as_of: datetime
) -> dict[ArmKey, ArmSums]:
    """Give the sums per cohort and arm, and per arm over all cohorts under the cohort ''.

    `members` has person_id, cohort and arm; everyone counts in the arm they were assigned to, messaged or not.
    Orders count from `starts_at` to before the earlier of `ends_at` and `as_of`: cancelled, unpaid and fully refunded
    ones do not. Margin is null where the cost of any article sold is unknown.
    """
    people = person_outcomes(view, shop, members, window, as_of)
    sums = people.group_by("cohort", "arm").aggregate(
        n_people=people.count(),
        n_repeat=(people.orders > 0).sum(),
        n_orders=people.orders.sum(),
        revenue=people.money.sum(),
        revenue_squared=(people.money * people.money).sum(),
        orders_squared=(people.orders * people.orders).sum(),
        revenue_orders=(people.money * people.orders).sum(),
        margin=people.margin.sum(),
        margin_squared=(people.margin * people.margin).sum(),
        n_without_cost=ibis.coalesce(people.n_without_cost, 0).sum(),
    )
    return _collected(sums.order_by("cohort", "arm").to_pyarrow().to_pylist())


def person_outcomes(view: LakeView, shop: Shop, members: ir.Table, window: OutcomeWindow, as_of: datetime) -> ir.Table:
    """Give a row per member: orders, money and margin in the window as `arm_sums` counts them; 0 for no order.

    `n_without_cost` counts lines whose cost is unknown; where it is not 0 the margin means nothing.
    """
    bought = _orders(view, shop, members, window, as_of)
    per_person = bought.group_by("person_id").aggregate(
        n_orders=bought.count(), revenue=bought.net_minor.sum(), cost=bought.goods_minor.sum(),
        n_without_cost=bought.n_without_cost.sum(),
    )  # fmt: skip
    per_person = per_person.rename(buyer_id="person_id")
    people = members.select("person_id", "cohort", "arm")
    people = people.left_join(per_person, people.person_id == per_person.buyer_id)
    people = people.mutate(
        orders=ibis.coalesce(people.n_orders, 0).cast("float64"), money=ibis.coalesce(people.revenue, 0).cast("float64")
    )
    return people.mutate(margin=people.money - ibis.coalesce(people.cost, 0).cast("float64"))


def _orders(view: LakeView, shop: Shop, members: ir.Table, window: OutcomeWindow, as_of: datetime) -> ir.Table:
    """Give members' orders in the window with `net_minor`, cost of goods and how many lines have no known cost."""
    orders = purchases(view, shop, as_of)
    orders = orders.filter(
        orders.event_at >= ibis.literal(window.starts_at), orders.event_at < ibis.literal(window.ends_at)
    ).semi_join(members, "person_id")
    goods = _goods(view, shop)
    orders = orders.select("fact_id", "person_id", "net_minor")
    joined = orders.left_join(goods, orders.fact_id == goods.order_fact_id)
    return joined.mutate(
        goods_minor=ibis.coalesce(joined.goods_minor, 0), n_without_cost=ibis.coalesce(joined.n_without_cost, 1)
    )


def _goods(view: LakeView, shop: Shop) -> ir.Table:
    """Give the cost of goods per order in the shop's currency at the newest cost per article."""
    lines, costs = view.table("order_lines"), view.table("costs")
    costs = with_shop_currency(costs.filter(costs.shop_id == shop.shop_id), view, shop, {"unit_cost": costs.cost_minor})
    newest = costs.group_by(cost_sku=costs.sku).aggregate(unit_cost=costs.unit_cost.argmax(costs.event_at))
    lines = lines.filter(lines.shop_id == shop.shop_id)
    priced = lines.left_join(newest, lines.sku == newest.cost_sku)
    return priced.group_by("order_fact_id").aggregate(
        goods_minor=(priced.quantity * ibis.coalesce(priced.unit_cost, 0)).sum(),
        n_without_cost=priced.unit_cost.isnull().sum(),
    )


def _collected(rows: list[dict[str, Any]]) -> dict[ArmKey, ArmSums]:
    found: dict[ArmKey, ArmSums] = {}
    arms: tuple[Arm, ...] = ("treated", "control")
    for arm in arms:
        of_arm = [row for row in rows if row["arm"] == arm]
        total = {name: sum(row[name] for row in of_arm) for name in _SUMMED}
        found[ArmKey("", arm)] = _sums(arm, total)
        for row in of_arm:
            found[ArmKey(str(row["cohort"]), arm)] = _sums(arm, row)
    return found


_SUMMED = (
    "n_people", "n_repeat", "n_orders", "revenue", "revenue_squared", "orders_squared", "revenue_orders", "margin",
    "margin_squared", "n_without_cost",
)  # fmt: skip


def _sums(arm: Arm, row: dict[str, Any]) -> ArmSums:
    has_costs = row["n_without_cost"] == 0
    return ArmSums(
        arm=arm,
        n_people=int(row["n_people"]),
        n_repeat=int(row["n_repeat"]),
        n_orders=round(row["n_orders"]),
        revenue_minor=round(row["revenue"]),
        revenue_squared=row["revenue_squared"],
        orders_squared=row["orders_squared"],
        revenue_orders=row["revenue_orders"],
        margin_minor=round(row["margin"]) if has_costs else None,
        margin_squared=row["margin_squared"] if has_costs else None,
    )
