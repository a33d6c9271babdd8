"""Handing off what is claimed, outside of any transaction, and writing down what became of it."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from memory.domain.canonical import content_hash
from memory.domain.clock import Clock
from memory.domain.handover import Slot
from memory.domain.message import Accepted, Ambiguous, HandOff, Refused
from memory.domain.outcome import Denied
from memory.store.engine import Store
from memory.store.instants import from_micros
from memory.store.unit_of_work import UnitOfWork
from tools.channels import Sender
from tools.markets import Markets

from .checks import consent_refusal
from .claim import LEASE, Claimed, market_of
from .facts import LONGEST_WINDOW
from .report import Tally
from .second import WAIT, Second, passes, person_now, reasons_of

MAX_ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)


class Hand:
    """Hands off one batch under one lease."""

    def __init__(
        self, store: Store, sender: Sender, clock: Clock, tally: Tally, second: Second, markets: Markets
    ) -> None:
        """Start the lease's own stopwatch: it runs on the machine's monotonic time."""
        self._second, self._markets = second, markets
        self._store, self._sender, self._clock, self._tally = store, sender, clock, tally
        self._ends = time.monotonic() + LEASE.total_seconds() * 0.8
        self._marks: list[dict[str, Any]] = []

    def all(self, batch: Sequence[Claimed]) -> None:
        """Hand off in order; blind providers are marked one by one, keyed ones together."""
        for claimed in batch:
            if time.monotonic() > self._ends:
                self._give_back(claimed)
                continue
            refusal = self._refusal(claimed)
            if refusal is None:  # not ours any more
                continue
            if isinstance(refusal, Denied) and passes(refusal) and not claimed.is_again:
                self._release(claimed, WAIT)
                self._tally.held[reasons_of(refusal)] += 1
            elif refusal:
                self._not_sent(claimed, reasons_of(refusal) if isinstance(refusal, Denied) else refusal)
            else:
                self._settle(claimed, self._sender.hand_off(claimed.message))
            if self._sender.kind == "blind":
                self.flush()
        self.flush()

    def flush(self) -> None:
        """Write the marks that are due."""
        marks, self._marks = self._marks, []
        if not marks:
            return
        with self._store.unit_of_work() as uow:
            uow.outbox.mark(marks, self._clock.now())
            for mark in marks:
                if mark["refund"]:
                    uow.budget_ledger.release(mark["plan_id"], mark["refund"])
        for mark in marks:
            self._tally.ended(mark["state"], mark["reason"])

    def _refusal(self, claimed: Claimed) -> str | Denied | None:
        """Look again right before the hand-off, with both checkers. None where the claim is lost; empty to go on."""
        now = self._clock.now()
        if self._sender.kind == "blind":
            with self._store.unit_of_work(durable=True) as uow:
                refusal = self._look(uow, claimed, now)
                if refusal == "" and not uow.outbox.start(claimed.row.send_key, claimed.fence, now):
                    return None
                return refusal
        with self._store.read() as uow:
            return self._look(uow, claimed, now)

    def _look(self, uow: UnitOfWork, claimed: Claimed, now: datetime) -> str | Denied | None:
        row = claimed.row
        state = uow.outbox.reach(row.send_key, claimed.fence, claimed.person_id, now)
        if state is None:
            return None
        refusal = "erased" if state["is_erased"] else consent_refusal(state, row.channel, row.message_class)
        return refusal or self._look_again(uow, claimed, state, now)

    def _look_again(self, uow: UnitOfWork, claimed: Claimed, state: Mapping[str, Any], now: datetime) -> str | Denied:
        """Ask the second checker, with arms and cap slots read anew."""
        row, own = claimed.row, uow.identities.subjects_of([claimed.person_id])[claimed.person_id]
        experiment = self._second.plan_of(uow, row.plan_id).holdout.experiment_id
        arms = uow.assignments.arms_of(row.shop_id, experiment, own).values()
        slots = [
            Slot(slot.send_key, slot.message_class, from_micros(slot.claimed_at))
            for slot in uow.outbox.cap_slots({*own, *claimed.counted}, now - LONGEST_WINDOW)
        ]
        seen, market = person_now(state, row, arms, slots), market_of(self._markets, row.market)
        plan = self._second.plan_now(uow, row.plan_id, row.cost_millis)
        verdict = self._second.verdict(row, seen, plan, market, now)
        return verdict if isinstance(verdict, Denied) else ""

    def _not_sent(self, claimed: Claimed, reason: str) -> None:
        if claimed.is_again:
            self._mark(claimed, "unknown", f"{reason}_after_hand_off")
        else:
            self._mark(claimed, "suppressed", reason, refund=claimed.row.cost_millis)

    def _settle(self, claimed: Claimed, outcome: HandOff) -> None:
        match outcome:
            case Accepted():
                self._mark(claimed, "sent", "", receipt=outcome.receipt)
            case Refused() if outcome.is_retryable and claimed.fence < MAX_ATTEMPTS:
                self._later(claimed)
            case Refused():
                self._mark(claimed, "failed", outcome.reason, refund=claimed.row.cost_millis)
            case Ambiguous() if self._sender.kind == "keyed" and claimed.fence < MAX_ATTEMPTS:
                self._tally.retry += 1  # the claim stays; once its lease lapses the same key is tried again
            case Ambiguous():
                self._mark(claimed, "unknown", outcome.reason)

    def _mark(self, claimed: Claimed, state: str, reason: str, *, receipt: str = "", refund: int = 0) -> None:
        self._marks.append(
            {
                "send_key": claimed.row.send_key,
                "fence": claimed.fence,
                "plan_id": claimed.row.plan_id,
                "state": state,
                "reason": reason,
                "receipt": receipt,
                "refund": refund,
            }
        )

    def _later(self, claimed: Claimed) -> None:
        """Give the claim back and try again after a growing, spread wait."""
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (claimed.fence - 1))
        spread = int(content_hash([claimed.row.send_key, claimed.fence])[:6], 16) / 16**6
        self._release(claimed, wait * (0.5 + spread / 2))
        self._tally.retry += 1

    def _give_back(self, claimed: Claimed) -> None:
        if not claimed.is_again:
            self._release(claimed, timedelta())
            self._tally.retry += 1

    def _release(self, claimed: Claimed, wait: timedelta) -> None:
        if claimed.is_again:
            return  # an earlier hand-off may have arrived: keep the slot, the lapsed lease brings it back
        with self._store.unit_of_work() as uow:
            uow.outbox.release(claimed.row.send_key, claimed.fence, self._clock.now() + wait)
            uow.budget_ledger.release(claimed.row.plan_id, claimed.row.cost_millis)
