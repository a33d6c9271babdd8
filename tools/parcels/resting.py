"""Days on which parcels rest: a lane's days go on counting after a holiday of where a parcel sets out or goes to."""

from datetime import UTC, date, datetime, time, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.lake.joins import looked_up
from memory.lake.view import LakeView
from tools.markets.calendar import FIRST_YEAR, LAST_YEAR, periods_of
from tools.markets.registry import load_markets

DAY_SECONDS = 86_400
PERIODS_SCHEMA = pa.schema([("rest_market", pa.string()), ("rest_from_s", pa.int64()), ("rest_until_s", pa.int64())])
PASSES = 2
"""How often the days are counted anew: what a rest adds may reach into the next one."""


def with_rest(rows: ir.Table, view: LakeView, of: str) -> ir.Table:
    """Add `rest_s` to rows with order_fact_id, started_at, origin, market and the days `of`: seconds parcels rest.

    A rest counts from where it meets the parcel to its end, days in UTC. Where a parcel sets out and goes to counts
    the one with more of it: most days they rest on are the same.
    """
    names = ("order_fact_id", "started_at", "origin", "market")
    found = rows.select(*names, days=rows[of]).mutate(rest_s=ibis.literal(0).cast("int64"))
    periods = view.memory_table("parcel_rests", _periods())
    for _ in range(PASSES):
        found = _counted(found, periods)
    return looked_up(rows, found.select("order_fact_id", "rest_s"), "order_fact_id")


def _counted(rows: ir.Table, periods: ir.Table) -> ir.Table:
    """Count the rests anew that begin before a parcel would be there with those counted so far."""
    starts = rows.started_at.epoch_seconds()
    until = starts + (rows.days * DAY_SECONDS).round().cast("int64") + rows.rest_s
    timed = rows.mutate(from_s=starts, until_s=until)
    joined = rows.drop("rest_s")
    for place in ("origin", "market"):
        joined = looked_up(joined, _of(timed, periods, place), "order_fact_id")
    here, there = ibis.coalesce(joined.origin_s, 0), ibis.coalesce(joined.market_s, 0)
    return joined.select(*rows.drop("rest_s").columns, rest_s=ibis.greatest(here, there).cast("int64"))


def _of(timed: ir.Table, periods: ir.Table, place: str) -> ir.Table:
    met = timed.inner_join(
        periods,
        [
            timed[place] == periods.rest_market,
            periods.rest_from_s < timed.until_s,
            periods.rest_until_s > timed.from_s,
        ],
    )
    lost = met.rest_until_s - ibis.greatest(met.from_s, met.rest_from_s)
    return met.group_by("order_fact_id").agg(**{f"{place}_s": lost.sum()})


def _periods() -> pa.Table:
    known = [market.country for market in load_markets().all()]
    every = periods_of(known, date(FIRST_YEAR, 1, 1), date(LAST_YEAR + 1, 12, 31))
    resting = [one for one in every if one.stops_parcels]
    return pa.table(
        {
            "rest_market": [one.market for one in resting],
            "rest_from_s": [_seconds(one.starts_on) for one in resting],
            "rest_until_s": [_seconds(one.ends_on + timedelta(days=1)) for one in resting],
        },
        schema=PERIODS_SCHEMA,
    )


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(0), UTC).timestamp())
