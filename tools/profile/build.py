"""Builds profiles: one aggregation per fact table, then one row per person."""

from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.domain.profile import PROFILE_SCHEMA
from memory.lake.view import LakeView

from .context import category_stock, price_sensitivity
from .events import event_values
from .lines import category_values
from .orders import order_features, order_values
from .people import consent_values
from .purchases import purchases
from .quintiles import rfm_quintiles
from .sums import sums_of

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
    return shaped(sums_of(view, shop, as_of, with_fifths=True), view, shop, as_of)


def order_profiles(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give the buyers among `build_profiles` with what their orders alone say: `order_features` and RFM quintiles."""
    orders = order_features(purchases(view, shop, as_of), ibis.literal(as_of))
    ranked = orders.left_join(rfm_quintiles(orders), "person_id").drop("person_id_right")
    return ranked.mutate(shop_id=ibis.literal(shop.shop_id))


def shaped(sums: ir.Table, view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give profiles from rows of `sums_of` with the three fifths beside them."""
    stocked = category_stock(view, shop, as_of).rename(stocked_category="category")
    wide = sums.left_join(stocked, sums.top_category == stocked.stocked_category).drop("stocked_category")
    n_returns = ibis.coalesce(wide.n_returns, ibis.literal(0, "int64"))
    values = order_values(wide, ibis.literal(as_of)) | event_values(wide) | category_values(wide)
    values |= {name: ibis.coalesce(values[name], ibis.literal(0, "int64")) for name in ZERO_WHEN_UNKNOWN}
    values |= {name: ibis.coalesce(value, ibis.literal(False)) for name, value in consent_values(wide).items()}
    values |= {
        "shop_id": ibis.literal(shop.shop_id),
        "as_of": ibis.literal(as_of),
        "market": ibis.coalesce(wide.known_market, wide.last_market, ibis.literal(shop.home_market)),
        "language": wide.known_language,
        "zone": wide.known_zone,
        "return_share": ibis.least(n_returns, wide.n_orders) / wide.n_orders,
        "price_sensitivity_rate": price_sensitivity(values["discount_order_share"], values["discount_depth_rate"]),
        "last_seen_at": ibis.greatest(
            ibis.coalesce(wide.seen_at, wide.last_order_at), ibis.coalesce(wide.last_order_at, wide.seen_at)
        ),
        "is_referred": ibis.coalesce(wide.is_referred, ibis.literal(False)),
    }
    columns = {field.name: values[field.name] if field.name in values else wide[field.name] for field in PROFILE_SCHEMA}
    return wide.select(**{field.name: _cast(columns[field.name], field) for field in PROFILE_SCHEMA})


def _cast(value: ir.Value, field: pa.Field) -> ir.Value:
    wanted = ibis.dtype(field.type)
    return value if value.type() == wanted else value.cast(wanted)
