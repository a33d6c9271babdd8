"""Slips: lanes on which clearly more parcels than usual are past the day by which 9 in 10 arrive.

By what the lane usually takes, one parcel in ten is late, and those nobody scans seem to be. A lane slips where the
share of late ones is above that by a margin even at the low end of its 99 % interval: a few unlucky parcels are no
slip. Only of lanes that report arrivals: elsewhere silence says nothing.
"""

import math
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from memory.domain.base import Count, Frozen, Instant, Rate
from memory.domain.market import Shop
from memory.lake.view import LakeView

from .lanes import KEYS, SCANS_FROM, with_lane
from .parcels import parcels
from .resting import with_rest

JUDGED_DAYS = 7
"""Parcels whose usual day came within so many days are judged."""
LEAST_PARCELS = 20
"""Fewer judged parcels say nothing."""
MARGIN_RATE = 0.10
"""So far above what is usual the late share must be, at the low end of its interval."""
Z = 2.576
"""Of the 99 % interval: lanes are looked at every day."""
FOLLOWED_DAYS = 45
"""So long after setting out, people of a parcel that slips are spared."""


class LaneNow(Frozen):
    """How late the parcels of one lane are, and what is usual there."""

    origin: str
    """Country the parcels are packed in; empty where unknown."""
    market: str
    """Country they go to."""
    carrier: str
    """Who carries them; empty where unknown."""
    n_judged: Count
    """Parcels whose usual day came in the last days."""
    n_late: Count
    """Those of them that were not there by then."""
    usual_late_rate: Rate
    """Share that usually is not: one in ten, and those nobody scans."""
    late_rate: Rate
    """Share that was not."""
    low_rate: Rate
    """Low end of that share's 99 % interval."""
    p50_days: float
    """Days until half have arrived, usually."""
    p90_days: float
    """Days until 9 in 10 have, usually."""
    p99_days: float
    """Days until 99 in 100 have, usually."""
    from_at: Instant
    """When the first of the late parcels set out."""

    @property
    def slips(self) -> bool:
        """Whether the lane slips."""
        return self.n_judged >= LEAST_PARCELS and self.low_rate > self.usual_late_rate + MARGIN_RATE

    @property
    def recovered(self) -> bool:
        """Whether enough parcels say that no more are late than usual."""
        return self.n_judged >= LEAST_PARCELS and self.low_rate <= self.usual_late_rate


def lanes_now(view: LakeView, shop: Shop, as_of: datetime, known_by: datetime | None = None) -> tuple[LaneNow, ...]:
    """Give every lane with parcels whose usual day came in the last `JUDGED_DAYS`, the latest ones first."""
    every = _followed(view, shop, as_of, known_by)
    since = int((as_of - timedelta(days=JUDGED_DAYS)).timestamp())
    judged = every.filter(every.usual_s <= int(as_of.timestamp()), every.usual_s > since)
    judged = judged.mutate(is_late=ibis.coalesce(judged.arrived_at.epoch_seconds() > judged.usual_s, True))
    figures = ("scan_rate", "p50_days", "p90_days", "p99_days")
    counted = judged.group_by([*KEYS, *figures]).agg(
        n_judged=judged.count(),
        n_late=judged.is_late.sum(),
        late_from_at=judged.started_at.min(where=judged.is_late),
        all_from_at=judged.started_at.min(),
    )
    rows = counted.to_pyarrow().to_pylist()
    found = (_lane(row) for row in rows)
    return tuple(sorted(found, key=lambda one: (-one.low_rate, one.origin, one.market, one.carrier)))


def affected(
    view: LakeView, shop: Shop, lane: tuple[str, str, str], from_at: datetime, as_of: datetime,
    known_by: datetime | None = None,
) -> ir.Table:  # fmt: skip
    """Give (person_id, order_ref, order_fact_id, started_at) of parcels under way on a lane that slips.

    Those past the usual 9 in 10, and those that set out since the first late one did. What was refunded is dealt with
    and left out.
    """
    every = _followed(view, shop, as_of, known_by)
    origin, market, carrier = lane
    mine = every.filter(
        every.origin == origin, every.market == market, every.carrier == carrier, every.arrived_at.isnull(),
        every.refunded_minor == 0,
    )  # fmt: skip
    mine = mine.filter((mine.usual_s <= int(as_of.timestamp())) | (mine.started_at >= ibis.literal(from_at)))
    return mine.select("person_id", "order_ref", "order_fact_id", "started_at")


def _followed(view: LakeView, shop: Shop, as_of: datetime, known_by: datetime | None) -> ir.Table:
    """Give the parcels of the last weeks on lanes that report arrivals, with `usual_s`: when 9 in 10 are there."""
    since = as_of - timedelta(days=FOLLOWED_DAYS)
    every = parcels(view, shop, as_of)
    every = every.filter(every.started_at > ibis.literal(since), every.started_at <= ibis.literal(as_of))
    known = with_rest(with_lane(every, view, shop, as_of, known_by), view, "p90_days")
    usual = known.started_at.epoch_seconds() + (known.p90_days * 86_400).round().cast("int64") + known.rest_s
    return known.filter(known.scan_rate >= SCANS_FROM).mutate(usual_s=usual)


def _lane(row: dict[str, object]) -> LaneNow:
    n, n_late, scans = int(str(row["n_judged"])), int(str(row["n_late"])), float(str(row["scan_rate"]))
    plain = {name: row[name] for name in (*KEYS, "p50_days", "p90_days", "p99_days")}
    return LaneNow.model_validate(
        plain
        | {
            "n_judged": n,
            "n_late": n_late,
            "usual_late_rate": round(1 - 0.9 * scans, 4),
            "late_rate": round(n_late / n, 4),
            "low_rate": round(wilson_low(n_late, n), 4),
            "from_at": row["late_from_at"] or row["all_from_at"],
        }
    )


def wilson_low(n_hits: int, n: int, z: float = Z) -> float:
    """Give the low end of Wilson's interval of a share (Wilson, JASA 1927): it holds for few and for no hits, too."""
    if n == 0:
        return 0.0
    share, spread = n_hits / n, z * z / n
    middle = share + spread / 2
    half = z * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    return max(0.0, (middle - half) / (1 + spread))
