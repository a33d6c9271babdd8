"""Parcels that are probably lost: under way for longer than 99 in 100 of their lane take, and nobody saw them arrive.

Only of lanes that report arrivals: elsewhere silence says nothing.
"""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView

from .lanes import LEARN_DAYS, SCANS_FROM, with_lane
from .parcels import parcels
from .resting import with_rest

FOLLOWED_DAYS = 90
"""For so long after setting out a parcel is followed."""


def lost_parcels(
    view: LakeView, shop: Shop, as_of: datetime, within: timedelta | None = None, known_by: datetime | None = None
) -> ir.Table:
    """Give order_ref, person_id, origin, market, carrier, started_at and lost_at of parcels that are probably lost.

    `lost_at` is when the lane's 99 in 100 had passed, days on which parcels rest added; with `within` only those whose
    instant came in that time before `as_of`. What was refunded in part or in full is dealt with and left out.
    `known_by` as for `with_lane`.
    """
    every = with_lane(parcels(view, shop, as_of), view, shop, as_of, known_by)
    since = as_of - timedelta(days=min(FOLLOWED_DAYS, LEARN_DAYS))
    every = with_rest(every, view, "p99_days")
    seconds = (every.p99_days * 86_400).round().cast("int64") + every.rest_s
    every = every.mutate(lost_at=every.started_at + seconds.as_interval("s"))
    found = every.filter(
        every.arrived_at.isnull(),
        every.refunded_minor == 0,
        every.scan_rate >= SCANS_FROM,
        every.started_at > ibis.literal(since),
        every.lost_at.epoch_seconds() <= int(as_of.timestamp()),
    )
    if within is not None:
        found = found.filter(found.lost_at.epoch_seconds() > int((as_of - within).timestamp()))
    return found.select("order_ref", "person_id", "origin", "market", "carrier", "started_at", "lost_at")
