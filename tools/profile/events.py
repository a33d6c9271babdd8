"""What a person did beside buying: views, carts, app, mail, reviews, returns, deliveries."""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

WINDOW = timedelta(days=90)
DEVICES = ("app", "desktop", "mobile", "tablet")
"""Devices that are counted; on equal counts the first of them wins."""
OWN_ACTS = ("view", "cart", "checkout", "app_open", "mail_open", "mail_click", "review", "return")
"""Events that show the person was there; deliveries and bounces happen to them."""


def event_features(events: ir.Table, as_of: datetime) -> ir.Table:
    """Give one row per person of the shop's `events` up to `as_of`; opens and clicks of machines do not count."""
    events = events.filter(events.person_id.notnull(), events.event_at <= ibis.literal(as_of))
    recent = events.event_at > ibis.literal(as_of - WINDOW)
    human = ~events.is_machine
    deliveries = events.kind == "delivery"
    sums = events.group_by("person_id").agg(
        n_returns=events.count(where=events.kind == "return"),
        n_deliveries=events.count(where=deliveries),
        n_late=events.count(where=deliveries & (events.value > 0)),
        n_views_90d=events.count(where=recent & (events.kind == "view")),
        n_carts_90d=events.count(where=recent & (events.kind == "cart")),
        n_app_opens_90d=events.count(where=recent & (events.kind == "app_open")),
        n_mail_opens_90d=events.count(where=recent & human & (events.kind == "mail_open")),
        n_mail_clicks_90d=events.count(where=recent & human & (events.kind == "mail_click")),
        n_reviews=events.count(where=events.kind == "review"),
        seen_at=events.event_at.max(where=human & events.kind.isin(OWN_ACTS)),
        **{f"n_{device}": events.count(where=events.device == device) for device in DEVICES},
    )
    return sums.mutate(device=_most_frequent(sums), late_delivery_share=sums.n_late / sums.n_deliveries.nullif(0))


def _most_frequent(sums: ir.Table) -> ir.StringValue:
    counts = [sums[f"n_{device}"] for device in DEVICES]
    most = ibis.greatest(*counts)
    cases = [((count == most) & (count > 0), device) for count, device in zip(counts, DEVICES, strict=True)]
    return ibis.cases(*cases, else_=ibis.null("string"))
