"""Lanes are watched: one that slips is told of once, its people are spared, and a message to them is drafted."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.canonical import content_hash
from memory.domain.market import Shop
from memory.domain.slips import Slip
from memory.lake.view import LakeView
from memory.store.engine import Store
from memory.store.instants import to_micros
from memory.store.order_mail import order_mail_key
from memory.store.unit_of_work import UnitOfWork
from tools.parcels import LaneNow, affected, hears_of_arrivals, lanes_now
from tools.parcels.slips import FOLLOWED_DAYS

DELAY = "parcel_delay"
"""The kind of mail that tells people of it."""


def watch_lanes(
    store: Store, view: LakeView, shop: Shop, now: datetime, *, is_look: bool, known_by: datetime | None = None
) -> tuple[Slip, ...]:
    """Look for lanes that slip or have recovered, where it `is_look`; else bring the people of open slips up to date.

    Give the slips that last. What it finds again changes nothing: one slip per lane at a time, one alert, one draft
    per parcel.
    """
    with store.read() as uow:
        known = uow.slips.open(shop.shop_id)
    if not (is_look or known) or not hears_of_arrivals(view, shop, now):
        return known
    lanes = {(one.origin, one.market, one.carrier): one for one in lanes_now(view, shop, now, known_by)}
    over = {one.id for one in known if is_look and _is_over(one, lanes.get(one.lane), now)}
    fresh = [_slip(shop, one, now) for lane, one in lanes.items() if is_look and one.slips and _is_new(lane, known)]
    lasting = [one for one in (*known, *fresh) if one.id not in over]
    parcels = {
        one.id: affected(view, shop, one.lane, one.from_at, now, known_by).to_pyarrow().sort_by("order_fact_id")
        for one in lasting
    }
    empty = {one.id for one in lasting if not parcels[one.id].num_rows}
    over |= empty
    lasting = [one for one in lasting if one.id not in empty]
    with store.unit_of_work() as uow:
        for ended in sorted(over):
            uow.slips.end(ended, now)
            uow.order_mail.end_drafts(ended, "lane_recovered", now)
        for slip in lasting:
            uow.slips.add(slip)
            _keep(uow, slip, parcels[slip.id], now)
        for slip in fresh:
            _tell(uow, slip, parcels[slip.id], now)
    return tuple(lasting)


def _keep(uow: UnitOfWork, slip: Slip, parcels: pa.Table, now: datetime) -> None:
    """Keep whom the slip touches now, and a mail to each of them as far as a person decided about it."""
    uow.slips.put_parcels(slip, parcels, now)
    notice = uow.slips.get(slip.id).notice
    if notice != "declined":
        uow.order_mail.add([draft_of(slip, row, notice, now) for row in parcels.to_pylist()])


def draft_of(slip: Slip, row: Mapping[str, Any], notice: str, now: datetime) -> dict[str, Any]:
    """Give the mail about one parcel (order_fact_id, order_ref, person_id, started_at) as a row to come."""
    return {
        "send_key": order_mail_key(slip.shop_id, DELAY, f"{slip.id}:{row['order_fact_id']}"),
        "shop_id": slip.shop_id,
        "kind": DELAY,
        "order_ref": row["order_ref"],
        "order_fact_id": row["order_fact_id"],
        "parcel_id": "",
        "subject_id": row["person_id"],
        "carrier": slip.carrier,
        "tracking_number": "",
        "tracking_url": "",
        "slip_id": slip.id,
        "event_at": to_micros(row["started_at"]),
        "heard_at": to_micros(now),
        "send_at": to_micros(now),
        "language": "",
        "state": "planned" if notice == "approved" else "drafted",
        "said": "",
    }


def _tell(uow: UnitOfWork, slip: Slip, parcels: pa.Table, now: datetime) -> None:
    n_people = pc.count_distinct(parcels["person_id"]).as_py()
    way = " ".join(filter(None, (slip.origin, "to", slip.market, f"by {slip.carrier}" if slip.carrier else "")))
    told = (
        f"Parcels {way} are late: {slip.n_late:,} of {slip.n_judged:,} were not there by day {slip.p90_days:.0f}, by "
        f"which 9 in 10 usually are. Promotions and review requests to {n_people:,} people wait. A message to them is "
        f"drafted; read it with `secondorder parcels slip {slip.id}`, then approve or decline it."
    )
    uow.alerts.add(slip.shop_id, "lane_slips", f"slip:{slip.id}", told, now)


def _slip(shop: Shop, lane: LaneNow, now: datetime) -> Slip:
    named = {name: getattr(lane, name) for name in ("origin", "market", "carrier")}
    return Slip(
        id=content_hash([shop.shop_id, *named.values(), now.isoformat()])[:16],
        shop_id=shop.shop_id,
        found_at=now,
        from_at=lane.from_at,
        n_judged=lane.n_judged,
        n_late=lane.n_late,
        usual_late_rate=lane.usual_late_rate,
        p90_days=lane.p90_days,
        **named,
    )


def _is_new(lane: tuple[str, str, str], known: tuple[Slip, ...]) -> bool:
    return all(one.lane != lane for one in known)


def _is_over(slip: Slip, lane: LaneNow | None, now: datetime) -> bool:
    """Say whether enough parcels are on time again, or the slip is so old that its parcels are no longer followed."""
    return (lane is not None and lane.recovered) or now - slip.found_at > timedelta(days=FOLLOWED_DAYS)
