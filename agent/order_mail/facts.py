"""What mails about orders rest on, read for a batch at once: the orders and parcels of now, and who they belong to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import ibis

from memory.domain.market import Shop
from memory.lake.view import LakeView
from memory.store.order_mail import OrderMailRow
from tools.parcels import parcels


class OrderNow(NamedTuple):
    """An order as the newest facts know it."""

    order_ref: str
    subject_id: str
    """Whose, as a pseudonym; empty where nobody says so."""
    market: str
    ordered_at: datetime
    is_cancelled: bool
    origin: str = ""
    """Where its parcel was packed; empty where unknown."""
    has_arrived: bool = False
    """Whether all of it is there."""


class Looked(NamedTuple):
    """What one look at the facts found."""

    orders: Mapping[str, OrderNow]
    """By order name."""
    cancelled_parcels: frozenset[str]
    """Shipments that never left."""

    def subject_of(self, order_ref: str) -> str:
        """Give whose an order is; empty where nobody says so."""
        found = self.orders.get(order_ref)
        return found.subject_id if found else ""


def look(view: LakeView, shop: Shop, rows: Sequence[OrderMailRow], now: datetime) -> Looked:
    """Read the orders and parcels these mails are about."""
    refs = sorted({row.order_ref for row in rows})
    mine = [shipment for shipment in sorted({row.parcel_id for row in rows}) if shipment]
    orders = view.table("orders")
    orders = orders.filter(orders.shop_id == shop.shop_id, orders.order_ref.isin(refs)).order_by("event_at")
    names = ("order_ref", "person_id", "market", "event_at", "is_cancelled")
    found = {row["order_ref"]: row for row in orders.select(*names).to_pyarrow().to_pylist()}  # the newest of a name
    sent = view.table("shipments")
    sent = sent.filter(sent.shop_id == shop.shop_id, sent.order_ref.isin(refs))
    gone = sent.filter(sent.fact_id.isin(mine), ibis.coalesce(sent.is_cancelled, False)).select("fact_id")
    every = parcels(view, shop, now)
    known = every.filter(every.order_ref.isin(refs)).select("order_ref", "origin", "arrived_at").to_pyarrow()
    ways = {row["order_ref"]: row for row in known.to_pylist()}
    return Looked(
        orders={ref: _order(row, ways.get(ref, {}), shop) for ref, row in found.items()},
        cancelled_parcels=frozenset(gone.to_pyarrow()["fact_id"].to_pylist()),
    )


def _order(row: Mapping[str, Any], way: Mapping[str, Any], shop: Shop) -> OrderNow:
    return OrderNow(
        order_ref=row["order_ref"],
        subject_id=row["person_id"] or "",
        market=row["market"] or shop.home_market,
        ordered_at=row["event_at"],
        is_cancelled=bool(row["is_cancelled"]),
        origin=way.get("origin") or "",
        has_arrived=way.get("arrived_at") is not None,
    )
