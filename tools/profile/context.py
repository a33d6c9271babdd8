"""Context beside behaviour: how much price decides, and whether the favourite category can be delivered (S2-08)."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.facts import newest_per_sku

DEEP_RATE = 0.30
"""A mean discount this deep or deeper counts in full."""


def price_sensitivity(order_share: ir.Value, depth_rate: ir.Value) -> ir.Value:
    """Give 0..1: the share of orders with a discount and how deep it was on average, half each; null without orders.

    An assumption of the playbook, not a measured elasticity: nobody sees what a person would have paid.
    """
    depth = ibis.least(ibis.coalesce(depth_rate, 0.0) / DEEP_RATE, 1.0)
    return (order_share + depth) / 2


def category_stock(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give (category, top_category_in_stock_share): of a category's articles on sale with a known stock, those above 0.

    The newest stock figure up to `as_of` counts; a category without any figure has no row.
    """
    products, stock = view.table("products"), view.table("stock")
    sold = products.filter(
        products.shop_id == shop.shop_id, products.is_active, ~products.is_gift_card, products.category.notnull()
    )
    sold = sold.select("sku", "category").distinct()
    known = stock.filter(stock.shop_id == shop.shop_id, stock.event_at <= ibis.literal(as_of))
    last = newest_per_sku(known, "quantity")
    joined = sold.inner_join(last, sold.sku == last.sku_of)
    return joined.group_by("category").agg(
        top_category_in_stock_share=joined.count(where=joined.quantity > 0) / joined.count()
    )
