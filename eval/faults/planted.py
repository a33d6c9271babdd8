"""Planted bugs: each is a mistake that senders really make, and the judge must catch every one."""

import time
from collections import Counter
from datetime import datetime
from typing import Any

from agent.dispatch import run as dispatching
from agent.dispatch.claim import claim_batch
from agent.dispatch.hand import Hand
from agent.dispatch.reactions import Reactions
from memory.domain.message import Accepted
from memory.store.instants import to_micros
from memory.store.outbox import Outbox

PLANTED = ("send-then-mark", "retry-stale", "check-then-insert")
PLANTED_FOR_PAUSES = ("no-fence", "late-mark")
PLANTED_FOR_CLOCKS = ("hours-at-claim", "retry-stale")


def plant(name: str) -> None:
    """Put a bug into the dispatcher of this process."""
    {
        "send-then-mark": _send_then_mark, "retry-stale": _retry_stale, "check-then-insert": _check_then_insert,
        "no-fence": _no_fence, "late-mark": _late_mark, "hours-at-claim": _hours_at_claim,
    }[name]()  # fmt: skip


def _send_then_mark() -> None:
    """Hand off what is planned, and write it down afterwards."""

    def one_batch(self: Any, wanted: int, reactions: Reactions) -> int:
        now, size = self._clock.now(), min(wanted, 10)
        with self._store.unit_of_work() as uow:
            rows = uow.outbox.due(self._sheet.shop.shop_id, self._channel, now, size)
            claimed = claim_batch(
                uow, rows, self._sender, self._worker, now, self._markets, self._sheet,
                self._second, self._tally, reactions,
            ) if rows else []  # fmt: skip
            for one in claimed:  # nothing of this is committed yet
                outcome = self._sender.hand_off(one.message)
                state = "sent" if isinstance(outcome, Accepted) else "failed"
                uow.outbox.mark([{"send_key": one.row.send_key, "fence": one.fence, "state": state, "reason": ""}], now)
        return len(rows)

    dispatching.Run._one_batch = one_batch  # type: ignore[method-assign]


def _retry_stale() -> None:
    """Take every claim whose lease ran out for one that never left."""

    def recover(uow: Any, sender: Any, channel: str, worker: str, now: Any, markets: Any, sheet: Any) -> Any:
        for row in uow.outbox.lapsed(sheet.shop.shop_id, channel, now, 1_000):
            uow.outbox.release(row.send_key, row.fence, now)
            uow.budget_ledger.release(row.plan_id, row.cost_millis)
        return [], Counter[str]()

    dispatching.recover = recover  # type: ignore[attr-defined]


def _check_then_insert() -> None:
    """Look what is due in one transaction and claim it in the next, without asking whether it still is."""

    def one_batch(self: Any, wanted: int, reactions: Reactions) -> int:
        now = self._clock.now()
        with self._store.read() as uow:
            rows = uow.outbox.due(self._sheet.shop.shop_id, self._channel, now, min(wanted, 10))
        if not rows:
            return 0
        time.sleep(0.02)
        with self._store.unit_of_work(durable=True) as uow:
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
            )
        self._hand().all(claimed)
        return len(rows)

    dispatching.Run._one_batch = one_batch  # type: ignore[method-assign]


def _no_fence() -> None:
    """Hand off what was claimed once, whoever holds the claim by now."""
    Hand._judged = lambda *_: ""  # type: ignore[method-assign]
    Outbox.start = lambda *_: True  # type: ignore[method-assign]


def _late_mark() -> None:
    """Write down what became of a hand-off without asking whether the claim is still one's own."""

    def mark(self: Outbox, marks: Any, now: datetime) -> int:
        for one in marks:
            row = self.get(one["send_key"])
            assert row is not None
            row.state, row.reason, row.finished_at = one["state"], one["reason"], to_micros(now)
            row.receipt = one.get("receipt", "")
            self._session.add(row)
        self._session.flush()
        return len(marks)

    Outbox.mark = mark  # type: ignore[method-assign]


def _hours_at_claim() -> None:
    """Look at the recipient's hours when claiming, and not again right before the hand-off."""
    Hand._look_again = lambda *_: ""  # type: ignore[method-assign]
