"""When an offer can be earned: its days in the shop's zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.domain.offer import Offer
from tools.outcomes import OutcomeWindow


def window_of(offer: Offer, shop: Shop) -> OutcomeWindow:
    """Give the instants from the start of the offer's first day to the end of its last, in the shop's zone."""
    zone, limits = ZoneInfo(shop.zone), offer.limits
    return OutcomeWindow(
        starts_at=datetime.combine(limits.valid_from, time(), zone),
        ends_at=datetime.combine(limits.valid_until + timedelta(days=1), time(), zone),
    )


def inside(at: ir.TimestampValue, window: OutcomeWindow, as_of: datetime) -> ir.BooleanValue:
    """Say which instants lie in the window and not after `as_of`."""
    return (at >= ibis.literal(window.starts_at)) & (at < ibis.literal(window.ends_at)) & (at <= ibis.literal(as_of))
