"""One run of the dispatcher: every channel drains its due messages in its own thread."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from memory.domain.clock import Clock
from memory.domain.market import Channel
from memory.domain.outcome import Blocked
from memory.store.engine import Store
from tools.channels import Sender
from tools.markets import Markets, load_markets

from .claim import BATCH, claim_batch, recover
from .hand import Hand
from .report import DispatchReport, Tally, joined
from .second import Second
from .words import Sheet

BLIND_BATCH = 10
"""A crash leaves at most the message in hand unknown; the small batch keeps the others from waiting for the lease."""


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
) -> DispatchReport:
    """Hand off the shop's due messages, at most `limit` per channel, and say what became of each.

    Nothing leaves that the checks of this very instant refuse; a claim is committed before its hand-off, and a
    hand-off happens between two transactions, never inside one.
    """
    with store.read() as uow:
        sheet = Sheet(shop=uow.shops.get(shop_id), key=key, public_url=public_url)
    known = markets or _shipped_markets()
    runs = [Run(store, channel, sender, clock, worker, known, sheet) for channel, sender in sorted(channels.items())]
    busy = [run for run in runs if run.has_work()]
    if len(busy) < 2:
        return joined([run.drain(limit) for run in busy])
    with ThreadPoolExecutor(max_workers=len(busy), thread_name_prefix="dispatch") as pool:
        return joined(list(pool.map(lambda run: run.drain(limit), busy)))


@cache
def _shipped_markets() -> Markets:
    return load_markets()


class Run:
    """One channel of one run."""

    def __init__(
        self, store: Store, channel: Channel, sender: Sender, clock: Clock, worker: str, markets: Markets, sheet: Sheet
    ) -> None:
        """Prepare to drain one channel."""
        self._store, self._channel, self._sender, self._clock = store, channel, sender, clock
        self._worker, self._markets, self._sheet = worker, markets, sheet
        self._tally = Tally()
        self._second = Second(sheet.key, markets, sheet.shop)

    def has_work(self) -> bool:
        """Say whether anything is due or lapsed."""
        now, shop_id = self._clock.now(), self._sheet.shop.shop_id
        with self._store.read() as uow:
            return bool(
                uow.outbox.due(shop_id, self._channel, now, 1, lock=False)
                or uow.outbox.lapsed(shop_id, self._channel, now, 1, lock=False)
            )

    def drain(self, limit: int | None) -> DispatchReport:
        """Recover lapsed claims, then claim and hand off until nothing is due or the limit is reached."""
        if self._may_send():
            self._recover()
            n_seen = 0
            while limit is None or n_seen < limit:
                n_rows = self._one_batch(limit - n_seen if limit is not None else BATCH)
                if n_rows == 0:
                    break
                n_seen += n_rows
        return self._tally.report()

    def _may_send(self) -> bool:
        """Refuse live sends before somebody answered for the channel's suppression list."""
        with self._store.read() as uow:
            ready = not self._sender.is_live or uow.consents.channel_ready(self._sheet.shop.shop_id, self._channel)
        if not ready:
            self._tally.refused.append(
                Blocked(
                    rule="suppression_list",
                    code="channel_not_ready",
                    message=f"No {self._channel} message goes out before the channel's suppression list is imported, "
                    "or a named person declares that there is none.",
                    path=self._channel,
                )
            )
        return ready

    def _one_batch(self, wanted: int) -> int:
        size = min(wanted, BLIND_BATCH if self._sender.kind == "blind" else BATCH)
        now = self._clock.now()
        hand = Hand(self._store, self._sender, self._clock, self._tally, self._second, self._markets)
        with self._store.unit_of_work(durable=True) as uow:
            rows = uow.outbox.due(self._sheet.shop.shop_id, self._channel, now, size)
            if not rows:
                return 0
            claimed = claim_batch(
                uow, rows, self._sender, self._worker, now, self._markets, self._sheet, self._second, self._tally
            )
        hand.all(claimed)
        return len(rows)

    def _recover(self) -> None:
        while True:
            hand = Hand(self._store, self._sender, self._clock, self._tally, self._second, self._markets)
            with self._store.unit_of_work(durable=True) as uow:
                again, done = recover(
                    uow, self._sender, self._channel, self._worker, self._clock.now(), self._markets, self._sheet
                )
            self._tally.unknown += done["unknown"]
            if not again and not done:
                return
            hand.all(again)
