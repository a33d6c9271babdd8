"""What channels say of a plan: opens and clicks by people and by software, and the revenue a mail tool would claim."""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.facts import in_shop_currency
from tools.outcomes.window import OutcomeWindow
from tools.profile import valid_orders

from .lift_model import Diagnostics

ATTRIBUTION_DAYS = 5
"""The window mail tools count orders in after an open or click, by default."""


def diagnostics(
    view: LakeView, shop: Shop, people: ir.Table, window: OutcomeWindow, as_of: datetime, told: Diagnostics
) -> Diagnostics:
    """Add opens, clicks and attributed revenue to what the store knows."""
    events = view.table("events")
    seen = events.filter(events.kind.isin(["mail_open", "mail_click"]), events.message_id.notnull())
    seen = seen.filter(seen.event_at >= window.starts_at, seen.event_at < min(window.ends_at, as_of))
    rows = seen.group_by("kind", "is_machine").aggregate(n=seen.count()).to_pyarrow().to_pylist()
    n = {(row["kind"], row["is_machine"]): row["n"] for row in rows}
    n_orders, minor = _attributed(view, shop, seen.semi_join(people, "person_id"), window, as_of) if n else (0, 0)
    return told.model_copy(
        update={
            "n_opens": n.get(("mail_open", False), 0),
            "n_machine_opens": n.get(("mail_open", True), 0),
            "n_clicks": n.get(("mail_click", False), 0),
            "n_machine_clicks": n.get(("mail_click", True), 0),
            "n_attributed": n_orders,
            "attributed_minor": minor,
            "attribution_days": ATTRIBUTION_DAYS,
        }
    )


def _attributed(view: LakeView, shop: Shop, seen: ir.Table, window: OutcomeWindow, as_of: datetime) -> tuple[int, int]:
    """Give orders within the attribution window of an open or click, and their revenue in the shop's minor units."""
    orders = valid_orders(view, as_of)
    orders = orders.filter(
        orders.shop_id == shop.shop_id,
        orders.event_at >= ibis.literal(window.starts_at),
        orders.event_at < ibis.literal(window.ends_at),
    )
    orders = in_shop_currency(orders, view, shop)
    touched = seen.select("person_id", seen_at=seen.event_at)
    after = ibis.interval(seconds=int(timedelta(days=ATTRIBUTION_DAYS).total_seconds()))
    claimed = orders.semi_join(
        touched,
        [
            orders.person_id == touched.person_id,
            orders.event_at >= touched.seen_at,
            orders.event_at < touched.seen_at + after,
        ],
    )
    row = claimed.agg(n=claimed.count(), minor=claimed.net_minor.sum()).to_pyarrow().to_pylist()[0]
    return row["n"], int(row["minor"] or 0)
