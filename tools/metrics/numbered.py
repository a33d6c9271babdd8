"""Purchases numbered per person: the first, the second and so on.

Orders of one person on one day of the shop are one purchase: split invoices and add-on orders are no return.
"""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.profile.purchases import valid_orders

from .local_day import local_day


def shop_orders(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give one shop's orders that count as purchases, without converting money."""
    orders = valid_orders(view, as_of)
    return orders.filter(orders.shop_id == shop.shop_id)


def purchase_days(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give one row per person and day of the shop with a purchase: `person_id`, `day`, `first_at`, `is_referred`.

    `day` counts from 1970-01-01 in the shop's zone; `is_referred` says whether the day's first order was.
    """
    orders = shop_orders(view, shop, as_of)
    orders = orders.mutate(day=local_day(orders.event_at, shop.zone))
    key = {"event_at": orders.event_at, "fact_id": orders.fact_id, "is_referred": orders.is_referred}
    days = orders.group_by(["person_id", "day"]).agg(first=ibis.struct(key).min())
    return days.select("person_id", "day", first_at=days["first"]["event_at"], is_referred=days["first"]["is_referred"])


def numbered(days: ir.Table) -> ir.Table:
    """Add `order_number` (1 for a person's first purchase) and `days_since` the one before to `purchase_days`."""
    window = ibis.window(group_by=days.person_id, order_by=days.day)
    return days.mutate(
        order_number=(ibis.row_number().over(window) + 1).cast("int64"),
        days_since=days.day - days.day.lag().over(window),
    )


def new_buyers(view: LakeView, shop: Shop, begins_at: datetime, ends_at: datetime, as_of: datetime) -> ir.Table:
    """Give `person_id` and `start_at` (first order) of people whose first purchase is in [begins, ends)."""
    orders = shop_orders(view, shop, as_of)
    first = orders.group_by("person_id").agg(start_at=orders.event_at.min())
    return first.filter(first.start_at >= ibis.literal(begins_at), first.start_at < ibis.literal(ends_at))
