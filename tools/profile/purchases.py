"""What counts as a purchase: one definition for profiles, metrics, segments and cohorts."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.facts import in_shop_currency


def is_purchase(orders: ir.Table) -> ir.BooleanValue:
    """Say per order whether it counts: paid, not cancelled and not refunded in full.

    A partly refunded order counts with what is left of it; an order whose goods cost nothing counts too.
    """
    refunded_in_full = (orders.refunded_minor > 0) & (orders.refunded_minor >= orders.subtotal_minor)
    return orders.is_paid & ~orders.is_cancelled & ~refunded_in_full


def valid_orders(view: LakeView, as_of: datetime) -> ir.Table:
    """Give the orders of known people that count as purchases, up to and including `as_of`, all opened shops."""
    orders = view.table("orders")
    return orders.filter(orders.person_id.notnull(), orders.event_at <= ibis.literal(as_of), is_purchase(orders))


def purchases(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give one shop's purchases with `net_minor`: goods after discount and refunds, without tax and shipping.

    Sums are in the shop's currency at dated rates; raise `MissingRate` where one is missing.
    """
    orders = valid_orders(view, as_of)
    return in_shop_currency(orders.filter(orders.shop_id == shop.shop_id), view, shop)


def valid_lines(view: LakeView, as_of: datetime) -> ir.Table:
    """Give the lines of purchases up to `as_of`, all opened shops, with the article's category filled in.

    A line's own category wins over the catalogue's. Only the orders that do not count are looked up,
    which are few.
    """
    lines, orders = view.table("order_lines"), view.table("orders")
    void = orders.filter(~is_purchase(orders)).select(void_id=orders.fact_id)
    lines = lines.filter(lines.person_id.notnull(), lines.event_at <= ibis.literal(as_of))
    return with_category(lines.anti_join(void, lines.order_fact_id == void.void_id), view)


def with_category(rows: ir.Table, view: LakeView) -> ir.Table:
    """Fill an empty `category` of lines or events from the catalogue by `sku`."""
    products = view.table("products")
    products = products.filter(products.category.notnull())
    known = products.group_by(known_shop=products.shop_id, known_sku=products.sku).agg(
        known_category=products.category.max()
    )
    joined = rows.left_join(known, [rows.shop_id == known.known_shop, rows.sku == known.known_sku])
    return joined.mutate(category=ibis.coalesce(joined.category, joined.known_category)).drop(
        "known_shop", "known_sku", "known_category"
    )
