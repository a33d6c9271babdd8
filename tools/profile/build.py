"""Builds profiles: one aggregation per fact table, then one row per person."""

from datetime import datetime
from functools import reduce

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.domain.profile import PROFILE_SCHEMA
from memory.lake.view import LakeView

from .context import category_stock, price_sensitivity
from .events import event_features
from .lines import category_features, first_purchase_features
from .orders import order_features
from .people import PUSH_CHANNELS, consent_features, people_features
from .purchases import purchases, valid_lines
from .quintiles import rfm_quintiles

ZERO_WHEN_UNKNOWN = (
    "n_orders", "n_items", "revenue_minor", "n_returns", "n_deliveries", "n_views_90d", "n_carts_90d",
    "n_app_opens_90d", "n_mail_opens_90d", "n_mail_clicks_90d", "n_reviews", "n_categories",
)  # fmt: skip


def build_profiles(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give one row per person of the shop as of an instant, columns as in `PROFILE_SCHEMA`.

    A person is anyone with an order, an event, a consent or a people fact up to `as_of`. Shares and means are
    null where there is nothing to share; counts are 0. `market` is what the person said, else the delivery
    country of the last order, else the shop's home; `language` and `zone` are null where the market's hold.
    Recency is in whole 24-hour days. Nothing is computed before the expression is executed.
    """
    parts = _parts(view, shop, as_of)
    people = reduce(ibis.union, [part.select("person_id") for part in parts]).distinct()
    wide = reduce(lambda left, right: left.left_join(right, "person_id").drop("person_id_right"), parts, people)
    stocked = category_stock(view, shop, as_of).rename(stocked_category="category")
    wide = wide.left_join(stocked, wide.top_category == stocked.stocked_category).drop("stocked_category")
    return _shape(wide, shop, as_of)


def order_profiles(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give the buyers among `build_profiles` with what their orders alone say: `order_features` and RFM quintiles."""
    orders = order_features(purchases(view, shop, as_of), ibis.literal(as_of))
    ranked = orders.left_join(rfm_quintiles(orders), "person_id").drop("person_id_right")
    return ranked.mutate(shop_id=ibis.literal(shop.shop_id))


def _parts(view: LakeView, shop: Shop, as_of: datetime) -> list[ir.Table]:
    def of_shop(name: str) -> ir.Table:
        facts = view.table(name)
        return facts.filter(facts.shop_id == shop.shop_id)

    lines = valid_lines(view, as_of)
    lines = lines.filter(lines.shop_id == shop.shop_id)
    orders = order_features(purchases(view, shop, as_of), ibis.literal(as_of))
    people = of_shop("people")
    return [
        orders,
        category_features(lines),
        first_purchase_features(lines, orders.select("first_order_id")),
        rfm_quintiles(orders),
        event_features(of_shop("events"), as_of),
        consent_features(of_shop("consents"), as_of),
        people_features(people.filter(people.event_at <= ibis.literal(as_of))),
    ]


def _shape(wide: ir.Table, shop: Shop, as_of: datetime) -> ir.Table:
    n_returns = ibis.coalesce(wide.n_returns, ibis.literal(0, "int64"))
    values: dict[str, ir.Value] = {
        "shop_id": ibis.literal(shop.shop_id),
        "as_of": ibis.literal(as_of),
        "market": ibis.coalesce(wide.known_market, wide.last_market, ibis.literal(shop.home_market)),
        "language": wide.known_language,
        "zone": wide.known_zone,
        "return_share": ibis.least(n_returns, wide.n_orders) / wide.n_orders,
        "price_sensitivity_rate": price_sensitivity(wide.discount_order_share, wide.discount_depth_rate),
        "last_seen_at": ibis.greatest(
            ibis.coalesce(wide.seen_at, wide.last_order_at), ibis.coalesce(wide.last_order_at, wide.seen_at)
        ),
        "is_referred": ibis.coalesce(wide.is_referred, ibis.literal(False)),
    }
    values |= {name: ibis.coalesce(wide[name], ibis.literal(0, "int64")) for name in ZERO_WHEN_UNKNOWN}
    for channel in PUSH_CHANNELS:
        values[f"consent_{channel}"] = ibis.coalesce(wide[f"consent_{channel}"], ibis.literal(False))
    return wide.select(
        **{field.name: _cast(values.get(field.name, _column(wide, field.name)), field) for field in PROFILE_SCHEMA}
    )


def _column(wide: ir.Table, name: str) -> ir.Value | None:
    return wide[name] if name in wide.columns else None


def _cast(value: ir.Value, field: pa.Field) -> ir.Value:
    wanted = ibis.dtype(field.type)
    return value if value.type() == wanted else value.cast(wanted)
