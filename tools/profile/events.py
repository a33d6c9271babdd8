"""What a person did beside buying: views, carts, app, mail, reviews, returns, deliveries."""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

WINDOW = timedelta(days=90)
DEVICES = ("app", "desktop", "mobile", "tablet")
"""Devices that are counted; on equal counts the first of them wins."""
OWN_ACTS = ("view", "cart", "checkout", "app_open", "mail_open", "mail_click", "review", "return")
"""Events that show the person was there; deliveries and bounces happen to them."""


WINDOWED = ("n_views_90d", "n_carts_90d", "n_app_opens_90d", "n_mail_opens_90d", "n_mail_clicks_90d")
"""Counts over the window, which go down again as events leave it."""


def event_sums(events: ir.Table, as_of: datetime) -> ir.Table:
    """Give one row per person of the shop's `events` up to `as_of`; opens and clicks of machines do not count."""
    events = events.filter(events.person_id.notnull(), events.event_at <= ibis.literal(as_of))
    deliveries = events.kind == "delivery"
    return events.group_by("person_id").agg(
        n_returns=events.count(where=events.kind == "return"),
        n_deliveries=events.count(where=deliveries),
        n_late=events.count(where=deliveries & (events.value > 0)),
        n_reviews=events.count(where=events.kind == "review"),
        seen_at=events.event_at.max(where=~events.is_machine & events.kind.isin(OWN_ACTS)),
        **_windowed(events, events.event_at > ibis.literal(as_of - WINDOW)),
        **{f"n_device_{device}": events.count(where=events.device == device) for device in DEVICES},
    )


def aged_sums(events: ir.Table, before: datetime, as_of: datetime) -> ir.Table:
    """Give per person, below zero, what `WINDOWED` lose: events in the window at `before` and out of it at `as_of`."""
    left = events.filter(
        events.person_id.notnull(),
        events.event_at > ibis.literal(before - WINDOW),
        events.event_at <= ibis.literal(as_of - WINDOW),
        events.event_at <= ibis.literal(before),
    )
    counts = left.group_by("person_id").agg(**_windowed(left, ibis.literal(True)))
    some = ibis.or_(*(counts[name] > 0 for name in WINDOWED))
    return counts.filter(some).select("person_id", **{name: -counts[name] for name in WINDOWED})


def event_values(sums: ir.Table) -> dict[str, ir.Value]:
    """Give the profile's columns about events, as expressions over a table with the columns of `event_sums`."""
    plain = ("n_returns", "n_deliveries", "n_reviews", *WINDOWED)
    return {name: sums[name] for name in plain} | {
        "device": _most_frequent(sums),
        "late_delivery_share": sums.n_late / sums.n_deliveries.nullif(0),
    }


def _windowed(events: ir.Table, recent: ir.BooleanValue) -> dict[str, ir.Value]:
    human = ~events.is_machine
    return {
        "n_views_90d": events.count(where=recent & (events.kind == "view")),
        "n_carts_90d": events.count(where=recent & (events.kind == "cart")),
        "n_app_opens_90d": events.count(where=recent & (events.kind == "app_open")),
        "n_mail_opens_90d": events.count(where=recent & human & (events.kind == "mail_open")),
        "n_mail_clicks_90d": events.count(where=recent & human & (events.kind == "mail_click")),
    }


def _most_frequent(sums: ir.Table) -> ir.StringValue:
    counts = [sums[f"n_device_{device}"] for device in DEVICES]
    most = ibis.greatest(*counts)
    cases = [((count == most) & (count > 0), device) for count, device in zip(counts, DEVICES, strict=True)]
    return ibis.cases(*cases, else_=ibis.null("string"))
