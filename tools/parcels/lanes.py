"""Lanes: how long parcels take from where they are packed to a market by a carrier, learned from those that arrived.

A lane's figures are drawn towards its market's, a market's towards a stated default, by as much as few parcels say
little: `(n * own + 30 * other) / (n + 30)`.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import ibis
import ibis.expr.types as ir

from memory.domain.base import Count, Frozen, Rate
from memory.domain.market import Shop
from memory.lake.joins import looked_up
from memory.lake.view import LakeView

from .parcels import parcels

SHRINK = 30
"""How many parcels what is not the lane's own counts as."""
MATURE_DAYS = 30
"""Parcels that set out later are left out of learning: the late ones among them are not there yet."""
LEARN_DAYS = 400
"""Parcels that set out earlier are left out, too."""
SCANS_FROM = 0.5
"""From this share of parcels with an arrival on, a lane reports arrivals: no word then means not there yet."""
KEYS = ("origin", "market", "carrier")
QUANTILES = {"p50_days": 0.50, "p90_days": 0.90, "p99_days": 0.99}


class Law(NamedTuple):
    """Days until a parcel arrives, where a shop's own parcels say nothing: assumptions, and no source for them."""

    p50_days: float
    """Half have arrived."""
    p90_days: float
    """9 in 10."""
    p99_days: float
    """99 in 100."""


DOMESTIC, ABROAD = Law(3.0, 6.0, 14.0), Law(7.0, 14.0, 30.0)
"""Into the shop's home market, and into others."""


class Lane(Frozen):
    """One lane with its figures."""

    origin: str
    """Country the parcels are packed in; empty where no shipment says so."""
    market: str
    """Country they go to."""
    carrier: str
    """Who carries them; empty where no shipment says so."""
    n_parcels: Count
    """Parcels that set out in the time learned from."""
    n_arrived: Count
    """Those whose arrival is known."""
    scan_rate: Rate
    """Share with a known arrival, drawn towards the market's."""
    p50_days: float
    """Days until half have arrived."""
    p90_days: float
    """Days until 9 in 10 have."""
    p99_days: float
    """Days until 99 in 100 have."""


def lanes(view: LakeView, shop: Shop, as_of: datetime, known_by: datetime | None = None) -> tuple[Lane, ...]:
    """Give the lanes of the last months, the largest first; see `with_lane`."""
    every = with_lane(parcels(view, shop, as_of), view, shop, as_of, known_by)
    shown = every.filter(every.started_at > ibis.literal(as_of - timedelta(days=LEARN_DAYS)))
    found = shown.select(*Lane.model_fields).distinct()
    rows = found.order_by([ibis.desc("n_parcels"), *KEYS]).to_pyarrow().to_pylist()
    return tuple(Lane.model_validate(row) for row in rows)


def with_lane(
    rows: ir.Table, view: LakeView, shop: Shop, as_of: datetime, known_by: datetime | None = None
) -> ir.Table:
    """Add what is known of their lane to rows of `parcels`: n_parcels, n_arrived, scan_rate, p50, p90 and p99 days.

    Learned as of `as_of` from what was known then: the same instant gives the same figures, whatever became known
    since. Old records that were imported later count where `known_by` names a later instant.
    """
    then = view.as_known(known_by or as_of)
    learned = _mature(then, shop, as_of)
    own = then.once("lane_laws", lambda: _counted(learned, KEYS, "own"), as_of)
    of_market = then.once("market_laws", lambda: _counted(learned, ("market",), "other"), as_of)
    of_market = of_market.rename(market="other_market")
    joined = looked_up(looked_up(rows, of_market, "market"), own.rename({key: f"own_{key}" for key in KEYS}), *KEYS)
    is_home = joined.market == shop.home_market
    figures: dict[str, ir.Value] = {}
    for name in QUANTILES:
        assumed = ibis.ifelse(is_home, getattr(DOMESTIC, name), getattr(ABROAD, name))
        market = _drawn(joined.other_n_arrived, joined[f"other_{name}"], assumed)
        figures[name] = _drawn(joined.own_n_arrived, joined[f"own_{name}"], market)
    zero = ibis.literal(0.0)
    heard = _drawn(joined.other_n, joined.other_n_arrived / joined.other_n, zero)
    figures["scan_rate"] = _drawn(joined.own_n, joined.own_n_arrived / joined.own_n, heard)
    figures["n_parcels"] = ibis.coalesce(joined.own_n, 0)
    figures["n_arrived"] = ibis.coalesce(joined.own_n_arrived, 0)
    return joined.mutate(**figures).select(*rows.columns, *figures)


def _mature(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    known = parcels(view, shop, as_of)
    known = known.filter(
        known.started_at <= ibis.literal(as_of - timedelta(days=MATURE_DAYS)),
        known.started_at > ibis.literal(as_of - timedelta(days=LEARN_DAYS)),
    )
    seconds = known.arrived_at.epoch_seconds() - known.started_at.epoch_seconds()
    return known.mutate(took_days=seconds / 86_400)


def _counted(rows: ir.Table, keys: tuple[str, ...], prefix: str) -> ir.Table:
    figures = {f"{prefix}_{name}": rows.took_days.quantile(share) for name, share in QUANTILES.items()}
    named = {f"{prefix}_{key}": rows[key] for key in keys}
    counts = {f"{prefix}_n": rows.count(), f"{prefix}_n_arrived": rows.took_days.count()}
    return rows.group_by(**named).agg(**counts, **figures)


def _drawn(n: ir.Value, own: ir.Value, other: ir.Value) -> ir.Value:
    """Draw what `n` parcels say towards `other`."""
    weight = ibis.coalesce(n, 0)
    return ibis.ifelse(own.notnull(), (weight * own + SHRINK * other) / (weight + SHRINK), other)
