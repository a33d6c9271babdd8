"""What a person's orders say: recency, frequency, money, discounts, gifts, channels."""

import ibis
import ibis.expr.types as ir

PPM = 1_000_000
"""Rates are summed as whole millionths, so that no sum depends on the order of rows."""
DAY_SECONDS = 86_400


CHANNELS = ("web", "app", "store", "marketplace")


def order_features(orders: ir.Table, as_of: ir.TimestampValue) -> ir.Table:
    """Give one row per person of `purchases`, columns as in the profile plus `first_order_id` and `last_market`."""
    sums = order_sums(orders)
    return sums.select("person_id", "first_order_id", "last_market", **order_values(sums, as_of))


def order_sums(orders: ir.Table) -> ir.Table:
    """Give per person of `purchases` what `order_values` needs: sums, and what the first and last orders say."""
    orders = orders.mutate(discount_ppm=_discount_ppm(orders))
    sums = orders.group_by("person_id").agg(**_aggregates(orders))
    last, first, n = sums.last_order, sums.first_order, sums.n_orders
    counts = [name for name in sums.columns if name not in ("instants", "first_order", "last_order")]
    return sums.select(
        *counts,
        first_order_at=first["event_at"],
        first_order_id=first["fact_id"],
        origin=first["origin"],
        first_order_ppm=first["discount_ppm"],
        is_referred=first["is_referred"],
        last_order_at=last["event_at"],
        last_market=last["market"],
        previous_order_at=ibis.ifelse(n > 1, sums.instants.sort()[n - 2], ibis.null("timestamp('UTC')")),
    )


def order_values(sums: ir.Table, as_of: ir.TimestampValue) -> dict[str, ir.Value]:
    """Give the profile's columns about orders, as expressions over a table with the columns of `order_sums`."""
    n, first_at, last_at = sums.n_orders, sums.first_order_at, sums.last_order_at
    plain = ("n_orders", "n_items", "revenue_minor", "first_order_at", "last_order_at", "previous_order_at", "origin",
             "is_referred")  # fmt: skip
    return {name: sums[name] for name in plain} | {
        "recency_days": (as_of.epoch_seconds() - last_at.epoch_seconds()) // DAY_SECONDS,
        "aov_minor": (sums.revenue_minor / n).round().cast("int64"),
        "items_per_order": sums.n_items / n,
        "days_between_orders": (last_at.epoch_seconds() - first_at.epoch_seconds()) / (DAY_SECONDS * (n - 1).nullif(0)),
        "discount_order_share": sums.n_discounted / n,
        "discount_depth_rate": sums.depth_ppm / (n * PPM),
        "gift_share": sums.n_gifts / sums.n_items.nullif(0),
        "first_order_discount_rate": sums.first_order_ppm / PPM,
        **{f"{channel}_share": sums[f"n_by_{channel}"] / n for channel in CHANNELS},
    }


def _discount_ppm(orders: ir.Table) -> ir.IntegerValue:
    """Give the discount over the price before discount in whole millionths; 0 for goods that cost nothing."""
    before = orders.subtotal_minor + orders.discount_minor
    rate = orders.discount_minor * PPM / before.nullif(0)
    return ibis.coalesce(rate.round().cast("int64"), ibis.literal(0, "int64"))


def _aggregates(orders: ir.Table) -> dict[str, ir.Value]:
    def n_on(channel: str) -> ir.IntegerValue:
        return orders.count(where=orders.channel == channel)

    first = {"event_at": orders.event_at, "fact_id": orders.fact_id}  # a unique tie-breaker for equal instants
    first |= {"origin": orders.origin, "discount_ppm": orders.discount_ppm, "is_referred": orders.is_referred}
    last = {"event_at": orders.event_at, "market": orders.market}  # the greatest market where instants are equal
    return {
        "n_orders": orders.count(),
        "n_items": orders.n_items.sum().cast("int64"),
        "revenue_minor": orders.net_minor.sum().cast("int64"),
        "n_discounted": orders.count(where=orders.discount_minor > 0),
        "depth_ppm": orders.discount_ppm.sum().cast("int64"),
        "n_gifts": orders.n_gift_items.sum().cast("int64"),
        "instants": orders.event_at.collect(include_null=True),  # never null, and a filter costs
        "first_order": ibis.struct(first).min(),
        "last_order": ibis.struct(last).max(),
        **{f"n_by_{channel}": n_on(channel) for channel in CHANNELS},
    }
