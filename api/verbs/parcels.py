"""Parcels: what lanes take, and which parcels are probably lost."""

from typing import TYPE_CHECKING

from memory.domain.base import Frozen, Instant

from .acting import Acting

if TYPE_CHECKING:
    from tools.parcels import Lane

MOST = 1_000
"""Lost parcels that are listed at most, the longest lost first."""


class LostParcel(Frozen):
    """One parcel that nobody saw arrive, under way for longer than 99 in 100 of its lane take."""

    order_ref: str
    """The shop's own order name."""
    person_id: str
    """Whose, by pseudonym."""
    origin: str
    """Country it was packed in; empty where unknown."""
    market: str
    """Country it goes to."""
    carrier: str
    """Who carries it; empty where unknown."""
    started_at: Instant
    """When it set out."""
    lost_at: Instant
    """When 99 in 100 of its lane would have arrived."""


def lanes(acting: Acting) -> "tuple[Lane, ...]":
    """Give the shop's lanes with how long they take, the largest first."""
    from tools.parcels import lanes as learned

    acting.require("read")
    with acting.facts() as view:
        return learned(view, acting.shop(), acting.as_of(view), known_by=acting.app.clock.now())


def lost(acting: Acting) -> tuple[LostParcel, ...]:
    """Give the parcels that are probably lost, for service to look into."""
    from tools.parcels import lost_parcels

    acting.require("read")
    with acting.facts() as view:
        found = lost_parcels(view, acting.shop(), acting.as_of(view), known_by=acting.app.clock.now())
        rows = found.order_by(["lost_at", "order_ref"]).limit(MOST).to_pyarrow().to_pylist()
    return tuple(LostParcel.model_validate(row) for row in rows)
