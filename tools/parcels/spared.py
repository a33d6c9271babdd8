"""What holding messages back for parcels saved: those that would have come before the parcel."""

from datetime import datetime

import ibis
import pyarrow as pa

from memory.domain.base import Count, Frozen
from memory.domain.market import Shop
from memory.lake.view import LakeView

from .parcels import parcels


class Spared(Frozen):
    """Messages of one kind that were held back for parcels on lanes that slipped."""

    message_kind: str
    """What they say."""
    message_class: str
    """Service or promotional."""
    n_held: Count
    """How many were held back."""
    n_before_arrival: Count
    """Those whose person had no parcel yet when they would have gone, as is known by now."""


def spared(view: LakeView, shop: Shop, held: pa.Table, as_of: datetime) -> tuple[Spared, ...]:
    """Count messages held back (person_id, message_kind, message_class, at in microseconds) against true arrivals.

    A message counts as before arrival where an order of its person placed before it was not there yet.
    """
    if not held.num_rows:
        return ()
    given = view.present(view.memory_table("held_back", held))
    every = parcels(view, shop, as_of)
    mine = every.select("ordered_at", "arrived_at", waits_for="person_id")
    at_s = given["at"] // 1_000_000
    open_then = (mine.ordered_at.epoch_seconds() <= at_s) & (
        mine.arrived_at.isnull() | (mine.arrived_at.epoch_seconds() > at_s)
    )
    early = given.semi_join(mine, [given.person_id == mine.waits_for, open_then]).mutate(is_early=ibis.literal(True))
    late = given.anti_join(mine, [given.person_id == mine.waits_for, open_then]).mutate(is_early=ibis.literal(False))
    both = early.union(late)
    found = both.group_by(["message_kind", "message_class"]).agg(
        n_held=both.count(), n_before_arrival=both.is_early.sum()
    )
    rows = found.order_by(["message_class", "message_kind"]).to_pyarrow().to_pylist()
    return tuple(Spared.model_validate(row) for row in rows)
