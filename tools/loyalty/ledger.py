"""The ledger of points: every movement in two entries that cancel out; a balance is the sum of a member's entries.

Points leave the oldest lot first. With E the points of lots that had to be used by some instant, and S the points
redeemed by then, what has left a member's lots is `S + max(0, max over past expiries of (E - S))`: a running sum and a
running maximum, so that no lot needs to know what happened to the one before. What an expiry adds to that maximum has
expired then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import count
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.lake.view import LakeView

from .birthdays import birthday_lots
from .deeds import deed_lots
from .earning import order_lots
from .programmes import Term

MovementKind = Literal["earned", "birthday", "mission", "review", "clawed_back", "redeemed", "expired"]
ACCOUNTS: dict[MovementKind, str] = {
    "earned": "shop:issued",
    "birthday": "shop:issued",
    "mission": "shop:issued",
    "review": "shop:issued",
    "clawed_back": "shop:taken_back",
    "redeemed": "shop:redeemed",
    "expired": "shop:expired",
}
"""The account against which each kind of movement is booked."""
_READINGS = count()
AT = "timestamp('UTC', 6)"
MEMBER = "member:"
"""What the account of a member begins with; the pseudonym follows."""


@dataclass(frozen=True)
class Books:
    """A shop's points at one instant, as expressions."""

    movements: ir.Table
    """movement_id, person_id, kind, points (what the member gains, negative for a loss), at."""
    expiring: ir.Table
    """Points that will expire if nothing is redeemed: person_id, points, at; all to come."""

    def entries(self) -> ir.Table:
        """Give two entries per movement: movement_id, account, points, at, kind; over all of them points sum to 0."""
        rows = self.movements
        shop = ibis.cases(*((rows.kind == kind, account) for kind, account in ACCOUNTS.items()), else_="shop:other")
        theirs = rows.select("movement_id", "points", "at", "kind", account=ibis.literal(MEMBER) + rows.person_id)
        ours = rows.select("movement_id", "at", "kind", points=-rows.points, account=shop)
        return theirs.union(ours.select(*theirs.columns))

    def balances(self) -> ir.Table:
        """Give each member's balance: person_id, points. A refund may leave it below zero, a redemption never."""
        rows = self.movements
        return rows.group_by("person_id").agg(points=rows.points.sum().cast("int64"))

    def warned(self, as_of: datetime, warn_days: int) -> ir.Table:
        """Give whose points expire within so many days: person_id, points, first_at."""
        soon = self.expiring.filter(self.expiring.at <= ibis.literal(as_of + timedelta(days=warn_days)))
        return soon.group_by("person_id").agg(points=soon.points.sum().cast("int64"), first_at=soon["at"].min())


def books(
    view: LakeView,
    shop: Shop,
    terms: Sequence[Term],
    spent: pa.Table,
    as_of: datetime,
    deeds: pa.Table | None = None,
) -> Books:
    """Work out a shop's points from its facts, what was redeemed (`memory.store.loyalty.SPENT_SCHEMA`) and its deeds.

    `deeds` (`DEEDS_SCHEMA`) are missions and reviews that plans reward; terms that pay no deeds leave them out.

    Asked twice it gives the same; late orders, refunds and merged people change it by themselves. What was redeemed
    by a record counts for the person that record is now.
    """
    number = next(_READINGS)  # what was redeemed differs from reading to reading
    lots = view.once("lots", lambda: _lots(view, shop, terms, as_of, deeds), number)
    used = view.once("used_points", lambda: _used(view, spent, as_of), number)
    expiries = view.once("expiries", lambda: _expiries(lots, used), number)
    due = expiries["at"] <= ibis.literal(as_of)
    lost = lots.filter(lots.net < lots.gross)
    movements = (
        _moves(lots, "lot_id", lots.gross, lots["at"], (lots.source == "order").ifelse("earned", lots.source))
        .union(_moves(lost, "lot_id", lost.net - lost.gross, lost.taken_at, ibis.literal("clawed_back")))
        .union(_moves(used, "redemption_id", -used.points, used["at"], ibis.literal("redeemed")))
        .union(_moves(_only(expiries, due), "lot_id", -expiries.points, expiries["at"], ibis.literal("expired")))
    )
    to_come = expiries.filter(~due).select("person_id", "points", "at")
    return Books(movements=movements, expiring=to_come)


def _lots(view: LakeView, shop: Shop, terms: Sequence[Term], as_of: datetime, deeds: pa.Table | None) -> ir.Table:
    lots = order_lots(view, shop, terms, as_of)
    others = (birthday_lots(view, shop, terms, as_of), deed_lots(view, shop, terms, deeds, as_of))
    every = [lots, *(rows for rows in others if rows is not None)]
    if len(every) == 1:
        return lots
    alike = [rows.mutate(**{name: rows[name].cast(AT) for name in _INSTANTS}) for rows in every]
    return reduce(lambda known, rows: known.union(rows.select(*known.columns)), alike)


def _used(view: LakeView, spent: pa.Table, as_of: datetime) -> ir.Table:
    rows = view.present(view.memory_table("spent_points", spent))
    return rows.filter(rows["at"] <= ibis.literal(as_of))


def _expiries(lots: ir.Table, used: ir.Table) -> ir.Table:
    """Give what expires of each lot, and when: lot_id, person_id, points, at; also in the future."""
    order = [lots.expires_at, lots["at"], lots.lot_id]
    queue = ibis.rows_window(preceding=None, following=0, group_by=lots.person_id, order_by=order)
    ends = lots.select(
        "person_id", event_id="lot_id", at=lots.expires_at.cast(AT), order_no=ibis.literal(0, "int64"),
        through=lots.net.sum().over(queue).cast("int64"), redeemed=ibis.literal(0, "int64"),
    )  # fmt: skip
    uses = used.select(
        "person_id", at=used["at"].cast(AT), event_id="redemption_id", order_no=ibis.literal(1, "int64"),
        through=ibis.null("int64"), redeemed="points",
    )  # fmt: skip
    events = ends.union(uses.select(*ends.columns))
    events = events.mutate(spent_so_far=events.redeemed.sum().over(_so_far(events)).cast("int64"))
    events = events.mutate(gap=events.through - events.spent_so_far)
    gone = ibis.greatest(ibis.coalesce(events.gap.max().over(_so_far(events)), 0), 0)
    events = events.mutate(gone=gone.cast("int64"))
    order = ibis.window(group_by="person_id", order_by=[events[name] for name in _ORDER])
    events = events.mutate(points=(events.gone - ibis.coalesce(events.gone.lag().over(order), 0)).cast("int64"))
    expired = events.filter(events.points > 0)
    return expired.select("person_id", "points", "at", lot_id="event_id")


def _so_far(events: ir.Table) -> Any:
    """Give the window of a person's events up to and with each."""
    order = [events[name] for name in _ORDER]
    return ibis.rows_window(preceding=None, following=0, group_by=events.person_id, order_by=order)


_INSTANTS = ("at", "taken_at", "expires_at")
_ORDER = ("at", "order_no", "through", "event_id")


def _only(rows: ir.Table, wanted: ir.BooleanValue) -> ir.Table:
    return rows.filter(wanted)


def _moves(rows: ir.Table, key: str, points: ir.IntegerValue, at: ir.TimestampValue, kind: ir.StringValue) -> ir.Table:
    return rows.select(
        "person_id", movement_id=kind + ":" + rows[key], kind=kind, points=points.cast("int64"), at=at.cast(AT)
    )
