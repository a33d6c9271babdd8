"""The profile: one row per person and shop as of an instant; the attributes segment rules may name."""

from typing import Literal, get_args

import pyarrow as pa

from .facts import INSTANT

PROFILE_SCHEMA = pa.schema(
    [
        ("shop_id", pa.string()),
        ("person_id", pa.string()),
        ("as_of", INSTANT),
        ("market", pa.string()),
        ("language", pa.string()),
        ("zone", pa.string()),
        ("first_order_at", INSTANT),
        ("last_order_at", INSTANT),
        ("previous_order_at", INSTANT),  # the order before the last
        ("recency_days", pa.int64()),  # whole 24-hour days since the last order
        ("n_orders", pa.int64()),
        ("n_items", pa.int64()),
        ("revenue_minor", pa.int64()),  # historic CLV: net of refunds, without tax and shipping, shop currency
        ("aov_minor", pa.int64()),
        ("items_per_order", pa.float64()),
        ("days_between_orders", pa.float64()),  # null below two orders
        ("discount_order_share", pa.float64()),  # share of orders with a discount
        ("discount_depth_rate", pa.float64()),  # discount over price before discount
        ("price_sensitivity_rate", pa.float64()),  # 0 never, 1 always and deeply bought at a discount
        ("gift_share", pa.float64()),  # share of items that are gifts
        ("first_order_discount_rate", pa.float64()),
        ("first_sku", pa.string()),
        ("first_category", pa.string()),
        ("top_category", pa.string()),
        ("top_category_share", pa.float64()),
        ("top_category_in_stock_share", pa.float64()),  # of its articles on sale, those known to be in stock
        ("n_categories", pa.int64()),
        ("return_share", pa.float64()),  # return events over orders, at most 1
        ("n_returns", pa.int64()),
        ("n_deliveries", pa.int64()),
        ("late_delivery_share", pa.float64()),
        ("n_views_90d", pa.int64()),
        ("n_carts_90d", pa.int64()),
        ("n_app_opens_90d", pa.int64()),
        ("n_mail_opens_90d", pa.int64()),  # by people, not machines
        ("n_mail_clicks_90d", pa.int64()),
        ("n_reviews", pa.int64()),
        ("last_seen_at", INSTANT),
        ("web_share", pa.float64()),
        ("app_share", pa.float64()),
        ("store_share", pa.float64()),
        ("marketplace_share", pa.float64()),
        ("device", pa.string()),  # the most frequent
        ("origin", pa.string()),  # of the first order
        ("is_referred", pa.bool_()),
        ("consent_email", pa.bool_()),
        ("consent_sms", pa.bool_()),
        ("consent_push", pa.bool_()),
        ("r_quintile", pa.int32()),  # 5 = most recent
        ("f_quintile", pa.int32()),
        ("m_quintile", pa.int32()),
    ]
)

Attribute = Literal[
    "market", "language", "zone", "first_order_at", "last_order_at", "previous_order_at", "recency_days", "n_orders",
    "n_items", "revenue_minor", "aov_minor", "items_per_order", "days_between_orders", "discount_order_share",
    "discount_depth_rate", "price_sensitivity_rate", "gift_share", "first_order_discount_rate", "first_sku",
    "first_category", "top_category", "top_category_share", "top_category_in_stock_share", "n_categories",
    "return_share", "n_returns", "n_deliveries", "late_delivery_share",
    "n_views_90d", "n_carts_90d", "n_app_opens_90d", "n_mail_opens_90d", "n_mail_clicks_90d", "n_reviews",
    "last_seen_at", "web_share", "app_share", "store_share", "marketplace_share", "device", "origin", "is_referred",
    "consent_email", "consent_sms", "consent_push", "r_quintile", "f_quintile", "m_quintile",
]  # fmt: skip
"""What a segment rule may compare."""
ATTRIBUTES: tuple[Attribute, ...] = get_args(Attribute)
