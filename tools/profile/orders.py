"""What a person's orders say: recency, frequency, money, discounts, gifts, channels."""

import ibis
import ibis.expr.types as ir

PPM = 1_000_000
"""Rates are summed as whole millionths, so that no sum depends on the order of rows."""
DAY_SECONDS = 86_400


def order_features(orders: ir.Table, as_of: ir.TimestampValue) -> ir.Table:
    """Give one row per person of `purchases`, columns as in the profile plus `first_order_id` and `last_market`."""
    orders = orders.mutate(discount_ppm=_discount_ppm(orders))
    sums = orders.group_by("person_id").agg(**_aggregates(orders))
    last, first = sums.last_order, sums.first_order
    seconds = last["event_at"].epoch_seconds() - first["event_at"].epoch_seconds()
    n = sums.n_orders
    return sums.select(
        "person_id",
        "n_orders",
        "n_items",
        "revenue_minor",
        first_order_id=first["fact_id"],
        last_market=last["market"],
        first_order_at=first["event_at"],
        last_order_at=last["event_at"],
        previous_order_at=ibis.ifelse(n > 1, sums.instants.sort()[n - 2], ibis.null("timestamp('UTC')")),
        recency_days=(as_of.epoch_seconds() - last["event_at"].epoch_seconds()) // DAY_SECONDS,
        aov_minor=(sums.revenue_minor / n).round().cast("int64"),
        items_per_order=sums.n_items / n,
        days_between_orders=seconds / (DAY_SECONDS * (n - 1).nullif(0)),
        discount_order_share=sums.n_discounted / n,
        discount_depth_rate=sums.depth_ppm / (n * PPM),
        gift_share=sums.n_gifts / sums.n_items.nullif(0),
        first_order_discount_rate=first["discount_ppm"] / PPM,
        origin=first["origin"],
        is_referred=first["is_referred"],
        web_share=sums.n_web / n,
        app_share=sums.n_app / n,
        store_share=sums.n_store / n,
        marketplace_share=sums.n_marketplace / n,
    )


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
        "n_web": n_on("web"),
        "n_app": n_on("app"),
        "n_store": n_on("store"),
        "n_marketplace": n_on("marketplace"),
    }
