"""Flushing the inbox: many small deliveries become one data version, through the same intake as an import.

Deliveries are marked in the transaction that names the data version: killed before, nothing has happened and the next
flush does it all; killed after, it is done. What a flush costs depends on its deliveries, not on the shop's customers.
"""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from memory.domain.base import Count, Frozen
from memory.domain.canonical import fact_id
from memory.domain.clock import Clock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.inbox import InboxRow
from memory.store.instants import from_micros, to_micros
from memory.store.unit_of_work import UnitOfWork
from tools.facts import known_facts
from tools.identity.keys import Keys
from tools.ingest.commit import IntakeCommit
from tools.ingest.errors import RowRejected
from tools.ingest.events import take_event
from tools.ingest.shopify import SOURCE, order_source_id
from tools.ingest.shopify_json_orders import take_fulfilment, take_json_order, take_refund
from tools.ingest.shopify_json_people import take_json_customer, take_json_product

from .delivery import Delivered, in_order, open_delivery
from .friends import take_friend
from .intake import LiveIntake
from .inventory import note_items, take_level
from .newness import moved_by_refund
from .order_mail import note_order_mail
from .requests import take_request

MOST = 2_000
"""Deliveries of one flush."""
PATIENCE = timedelta(days=7)
"""How long a refund or parcel waits for its order."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
KEEP = timedelta(days=30)
"""How long finished deliveries and rejected rows can be looked at."""
PRINCIPAL = "system:intake"
LATER = ("refund", "fulfillment")
"""Kinds that only name their order."""


class FlushReport(Frozen):
    """What a flush did."""

    n_deliveries: Count = 0
    """Deliveries it looked at."""
    n_rows: Count = 0
    """Objects and events it took."""
    n_stale: Count = 0
    """Objects of which a newer state was known."""
    n_rejected: Count = 0
    """Rows that could not be used."""
    n_waiting: Count = 0
    """Refunds and parcels that wait for their order."""
    n_requests: Count = 0
    """Legal wishes that now wait for a human."""
    n_people: Count = 0
    """People whose state was brought up to date."""
    n_deeds: Count = 0
    """Deeds queued for triggers."""
    data_version: int = 0
    """The data version in which everything can be read."""


def flush(store: Store, lake: Lake, shop_id: str, *, clock: Clock, key: bytes, limit: int = MOST) -> FlushReport:
    """Bring up to `limit` waiting deliveries to the lake; give a report with zeros where none wait."""
    with store.read() as uow:
        if not uow.inbox.waiting(shop_id, clock.now(), 1, lock=False):
            return FlushReport(data_version=uow.versions.latest().number)
        shop = uow.shops.get(shop_id)
    with tempfile.TemporaryDirectory(prefix="second-order-flush-") as folder, store.unit_of_work() as uow:
        return _Flush(uow, lake, shop, clock, key, Path(folder)).run(limit)


class _Flush:
    """One flush on its way."""

    def __init__(self, uow: UnitOfWork, lake: Lake, shop: Shop, clock: Clock, key: bytes, folder: Path) -> None:
        self.uow, self.lake, self.shop, self.key, self.now = uow, lake, shop, key, clock.now()
        self._keys, self._folder = Keys(key, shop.shop_id, shop.home_market), folder
        self.done: dict[int, InboxRow] = {}
        self.n_rejected = self.n_stale = self.n_waiting = self.n_requests = self.n_rows = self.n_people = 0
        self.intakes: list[LiveIntake] = []

    def run(self, limit: int) -> FlushReport:
        """Take whole objects and events first, then what only names an order: it may be among the former."""
        self.uow.versions.lock()
        rows = self.uow.inbox.waiting(self.shop.shop_id, self.now, limit)
        self.done = {row.id: row for row in rows if row.id is not None}
        delivered: list[Delivered] = []
        for row in rows:
            opened = open_delivery(self.key, row)
            delivered += opened.rows
            for place, reason in opened.wrong:
                self._reject(row, place, reason)
        later = [one for one in delivered if one.kind in LATER]
        self._pass([one for one in delivered if one.kind not in LATER], self._take)
        self._pass(self._with_order(later), self._take_later)
        self._finish()
        return self._report(len(rows))

    def _pass(self, delivered: list[Delivered], take: Callable[[LiveIntake, Delivered], None]) -> None:
        """Take and commit some rows."""
        newest = self.uow.outside.states(self.shop.shop_id, (one.key for one in delivered if one.key))
        intake = LiveIntake(self.shop, self._keys, self.now, self._folder / f"pass{len(self.intakes)}")
        moved: dict[str, int] = {}
        for one in in_order(delivered):
            if one.key and one.state < newest.get(one.key, 0):
                self.n_stale += 1
                continue
            intake.received_at = one.row.received_at
            try:
                take(intake, one)
            except RowRejected as error:
                self._reject(one.row, one.place, str(error))
                continue
            self.n_rows += 1
            if one.key:
                moved[one.key] = newest[one.key] = one.state
            if one.kind == "refund":
                order, state = moved_by_refund(one.payload)
                moved[order] = max(moved.get(order, 0), state)
        self.uow.outside.note_states(self.shop.shop_id, moved)
        if delivered:
            way = IntakeCommit(self.lake, self.shop, "live intake", "live", PRINCIPAL, is_near=True)
            self.n_people += way.commit(self.uow, intake).n_people
        self.intakes.append(intake)

    def _take(self, intake: LiveIntake, one: Delivered) -> None:
        payload = one.payload
        match one.kind:
            case None:
                take_event(intake, payload.raw)
            case "order":
                take_json_order(intake, payload)
            case "customer":
                take_json_customer(intake, payload)
            case "product":
                note_items(self.uow, self.shop.shop_id, payload)
                take_json_product(intake, payload)
            case "inventory_level":
                take_level(self.uow, intake, payload)
            case "friend":
                take_friend(intake, payload)
            case _:
                take_request(self.uow, intake, one.row, payload, is_redact=one.kind == "redact")
                self.n_requests += 1
                self.done.pop(one.row.id or 0, None)

    @staticmethod
    def _take_later(intake: LiveIntake, one: Delivered) -> None:
        (take_refund if one.kind == "refund" else take_fulfilment)(intake, one.payload)

    def _with_order(self, later: list[Delivered]) -> list[Delivered]:
        """Give those whose order is known; the others wait longer each time, and are rejected in the end."""
        ids = {id(one): _order_of(self.shop.shop_id, one) for one in later}
        known = known_facts(self.uow, self.lake, "orders", {order for order in ids.values() if order})
        for one in later:
            if ids[id(one)] not in known:
                self._wait(one.row)
        return [one for one in later if ids[id(one)] in known]

    def _wait(self, row: InboxRow) -> None:
        if self.now - from_micros(row.received_at) > PATIENCE:
            self._reject(row, 1, "its order never came in; import the order first")
            return
        wait = min(FIRST_WAIT * 2 ** min(row.n_tries, 20), LONGEST_WAIT)
        row.n_tries, row.retry_at = row.n_tries + 1, to_micros(self.now + wait)
        self.n_waiting += 1
        self.done.pop(row.id or 0, None)

    def _reject(self, row: InboxRow, place: int, reason: str) -> None:
        self.n_rejected += 1
        self.uow.inbox.reject(row, place, reason, self.now)
        if row.n_rows == 1:
            row.state, row.reason, row.body, row.finished_at = "rejected", reason, b"", to_micros(self.now)
            self.done.pop(row.id or 0, None)

    def _finish(self) -> None:
        self.uow.session.flush()
        self.uow.inbox.finish(sorted(self.done), self.now)
        self.uow.inbox.forget_before(self.shop.shop_id, self.now - KEEP)
        self.uow.triggers.add(
            [
                {
                    "shop_id": self.shop.shop_id, "subject_id": deed.subject_id, "trigger": deed.trigger, "step": "",
                    "event_at": deed.event_at, "received_at": deed.received_at, "ready_at": deed.received_at,
                }
                for intake in self.intakes
                for deed in intake.deeds
            ]
        )  # fmt: skip

        note_order_mail(self.uow, self.shop.shop_id, self.intakes, self.now)

    def _report(self, n_deliveries: int) -> FlushReport:
        return FlushReport(
            n_deliveries=n_deliveries,
            n_rows=self.n_rows,
            n_stale=self.n_stale,
            n_rejected=self.n_rejected,
            n_waiting=self.n_waiting,
            n_requests=self.n_requests,
            n_people=self.n_people,
            n_deeds=sum(len(intake.deeds) for intake in self.intakes),
            data_version=self.uow.versions.latest().number,
        )


def _order_of(shop_id: str, one: Delivered) -> str:
    order = one.payload.raw.get("order_id")
    return fact_id(shop_id, SOURCE, "orders", order_source_id(str(order), "")) if order else ""
