"""One run of the dispatcher: every channel drains its due messages in its own thread."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any

import structlog

from agent.tracing import span
from memory.domain.circuit import OPENS_AFTER
from memory.domain.clock import Clock
from memory.domain.market import Channel
from memory.domain.outcome import Blocked
from memory.faults import fault
from memory.lake.lake import Lake
from memory.store.changes import Changes
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.channels import Sender
from tools.markets import Markets, load_markets

from .breaker import Breaker
from .claim import BATCH, LEASE, claim_batch, recover
from .hand import Hand
from .intents import Intents
from .reactions import Reactions
from .report import DispatchReport, Tally, joined
from .second import Second
from .standstill import not_ready, standstill
from .warming import is_warming, n_left, tomorrow
from .words import Sheet

LOG = structlog.get_logger("second_order.dispatch")
ROUND_SECONDS = 45.0
"""Past this a channel that alone is still busy stops: what is left waits for the next round."""
BLIND_BATCH = 10
"""A crash leaves at most the message in hand unknown; the small batch keeps the others from waiting for the lease."""


@span("dispatch")
def dispatch(
    store: Store,
    channels: Mapping[Channel, Sender],
    clock: Clock,
    key: bytes,
    shop_id: str,
    *,
    limit: int | None = None,
    worker: str = "worker-1",
    public_url: str = "http://127.0.0.1:8080",
    markets: Markets | None = None,
    lake: Lake | None = None,
    opens_after: int = OPENS_AFTER,
    threads: int = 1,
) -> DispatchReport:
    """Hand off the shop's due messages, at most `limit` per channel, and say what became of each.

    Each channel drains in `threads` threads of its own, so that a slow provider holds up no other; a limit needs one.

    Nothing leaves that the checks of this very instant refuse; a claim is committed before its hand-off, and a
    hand-off happens between two transactions, never inside one. Without a `lake`, opens that were imported since the
    tick are not seen, and messages for one state of intent wait. `opens_after` failures in a row open a channel's
    circuit.
    """
    with store.read() as uow:
        sheet = Sheet(uow.shops.get(shop_id), key, public_url, frozenset(channels))
    known = markets or _shipped_markets()
    runs = [
        Run(store, channel, sender, clock, worker, known, sheet, lake, opens_after)
        for channel, sender in sorted(channels.items())
    ]
    busy = [run for run in runs if run.has_work()]
    if limit is None:
        busy = [run.twin() for run in busy for _ in range(threads)]
    if len(busy) < 2:
        return joined([run.drain(limit) for run in busy])
    rest = Rest(len(busy))
    with ThreadPoolExecutor(max_workers=len(busy), thread_name_prefix="dispatch") as pool:
        return joined(list(pool.map(lambda run: run.drain(limit, rest), busy)))


@cache
def _shipped_markets() -> Markets:
    return load_markets()


class Rest:
    """Who of the channels still works: a slow one stops after its share, so that the next round can begin."""

    def __init__(self, n_busy: int) -> None:
        """Start with every channel at work."""
        self._n_busy, self._lock, self._started = n_busy, Lock(), time.monotonic()

    def done(self) -> None:
        """Note that a channel has nothing more to do."""
        with self._lock:
            self._n_busy -= 1

    @property
    def is_over(self) -> bool:
        """Whether all others are done and the round took `ROUND_SECONDS`."""
        return self._n_busy <= 1 and time.monotonic() - self._started > ROUND_SECONDS


class Run:
    """One channel of one run."""

    def __init__(
        self,
        store: Store,
        channel: Channel,
        sender: Sender,
        clock: Clock,
        worker: str,
        markets: Markets,
        sheet: Sheet,
        lake: Lake | None = None,
        opens_after: int = OPENS_AFTER,
    ) -> None:
        """Prepare to drain one channel."""
        self._store, self._channel, self._sender, self._clock = store, channel, sender, clock
        self._worker, self._markets, self._sheet, self._lake = worker, markets, sheet, lake
        self._tally = Tally()
        self._second = Second(sheet.key, markets, sheet.shop)
        self._changes = Changes(store.engine)
        self._intents = Intents(store, lake, sheet.shop.shop_id, channel)
        self._opens_after = opens_after
        self._breaker = Breaker(store, sheet.shop.shop_id, channel, sender, clock, opens_after)

    def twin(self) -> "Run":
        """Give another drain of the same channel, with counts of its own."""
        return Run(
            self._store,
            self._channel,
            self._sender,
            self._clock,
            self._worker,
            self._markets,
            self._sheet,
            self._lake,
            self._opens_after,
        )

    def has_work(self) -> bool:
        """Say whether anything is due or lapsed."""
        now, shop_id = self._clock.now(), self._sheet.shop.shop_id
        with self._store.read() as uow:
            return bool(
                uow.outbox.due(shop_id, self._channel, now, 1, lock=False)
                or uow.outbox.lapsed(shop_id, self._channel, now, 1, lock=False)
                or uow.ahead.any(shop_id, self._channel, now, LEASE)
            )

    def drain(self, limit: int | None, rest: Rest | None = None) -> DispatchReport:
        """Recover lapsed claims, then claim and hand off until nothing is due or the limit is reached."""
        try:
            with self._changes:
                if self._may_send():
                    self._void_ahead()
                    self._recover()
                    self._all_due(limit, rest)
        finally:
            if rest:
                rest.done()
        if (refusal := self._breaker.refusal()) is not None:
            self._tally.refused.append(refusal)
        return self._tally.report()

    def _all_due(self, limit: int | None, rest: Rest | None) -> None:
        n_seen, shop_id = 0, self._sheet.shop.shop_id
        reactions = Reactions(self._store, self._lake, shop_id, self._channel, self._clock.now())
        while limit is None or n_seen < limit:
            allowed = self._breaker.allowance
            if allowed == 0 or (rest is not None and rest.is_over):
                break
            n_rows = self._one_batch(min(limit - n_seen if limit is not None else BATCH, allowed or BATCH), reactions)
            if n_rows == 0:
                break
            n_seen += n_rows

    def _may_send(self) -> bool:
        """Refuse live sends before somebody answered for the channel's suppression list."""
        with self._store.read() as uow:
            refusal = not_ready(uow, self._sender, self._sheet.shop.shop_id, self._channel)
        if refusal is not None:
            self._tally.refused.append(refusal)
        return refusal is None

    def _one_batch(self, wanted: int, reactions: Reactions) -> int:
        size = min(wanted, BATCH if self._sender.kind == "keyed" else BLIND_BATCH)
        now = self._clock.now()
        self._intents.look(now)
        with self._store.unit_of_work(durable=True) as uow:
            if (refusal := self._standstill(uow)) is not None:
                self._tally.refused.append(refusal)
                return 0
            rows = self._due(uow, now, size)
            if not rows:
                return 0
            claimed = claim_batch(
                uow,
                rows,
                self._sender,
                self._worker,
                now,
                self._markets,
                self._sheet,
                self._second,
                self._tally,
                reactions,
                self._intents,
            )
            fault("K0")
        self._hand().all(claimed)
        return len(rows)

    def _due(self, uow: UnitOfWork, now: datetime, size: int) -> Sequence[Any]:
        """Give what may be claimed now; where the sending domain warms up, at most what its day still allows."""
        shop = self._sheet.shop
        if not is_warming(uow, shop, self._channel, self._sender, now):
            return uow.outbox.due(shop.shop_id, self._channel, now, size)
        left = n_left(uow, shop, now)
        if left <= 0:
            n_held = uow.warm_ups.hold(shop.shop_id, now, tomorrow(shop, now))
            if n_held:
                self._tally.held["warm_up"] += n_held
            return uow.warm_ups.due(shop.shop_id, self._channel, now, size)  # receipts go all the same
        return uow.warm_ups.due(shop.shop_id, self._channel, now, min(size, left))

    def _hand(self) -> Hand:
        known = (self._breaker, self._sheet, self._second, self._markets, self._changes)
        return Hand(self._store, self._sender, self._clock, self._tally, *known, self._intents.deeds)

    def _standstill(self, uow: UnitOfWork) -> Blocked | None:
        return standstill(self._store, uow, self._sheet.shop.shop_id, self._channel, self._clock.now())

    def _void_ahead(self) -> None:
        """Look again at what a clock that was ahead let wait or leased, now that it is back."""
        now, shop_id = self._clock.now(), self._sheet.shop.shop_id
        with self._store.read() as uow:
            if not uow.ahead.any(shop_id, self._channel, now, LEASE):
                return
        with self._store.unit_of_work(durable=True) as uow:
            n_voided = uow.ahead.void(shop_id, self._channel, now, LEASE)
        LOG.warning("clock_was_ahead", shop_id=shop_id, channel=self._channel, n_messages=n_voided)

    def _recover(self) -> None:
        while self._breaker.allowance != 0:
            hand = self._hand()
            with self._store.unit_of_work(durable=True) as uow:
                if self._standstill(uow) is not None:
                    return  # the next batch says so
                again, done = recover(
                    uow, self._sender, self._channel, self._worker, self._clock.now(), self._markets, self._sheet
                )
                fault("K9")
            self._tally.unknown += done["unknown"]
            if not again and not done:
                return
            hand.all(again)
