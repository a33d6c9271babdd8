"""Handing off what is claimed, outside of any transaction, and writing down what became of it."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from memory.domain.canonical import content_hash
from memory.domain.clock import Clock
from memory.domain.message import Accepted, Ambiguous, HandOff, Refused
from memory.domain.outcome import Denied
from memory.faults import fault
from memory.store.changes import Changes
from memory.store.engine import Store
from memory.store.instants import from_micros
from memory.store.unit_of_work import UnitOfWork
from tools.channels import Sender
from tools.channels.sender import Queryable
from tools.markets import Markets

from .addresses import end_address
from .breaker import Breaker
from .checks import consent_refusal
from .claim import LEASE, Claimed, market_of
from .deeds import Deeds
from .look import Look, Looks, look_at
from .report import Tally
from .second import WAIT, Second, passes, reasons_of
from .words import Sheet

MAX_ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
UNSETTLED = frozenset({"key_reused", "not_found"})
"""Refusals of a repeated message that do not say whether the first one arrived."""
STOPPED = "kill_switch"


class Hand:
    """Hands off one batch under one lease."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        clock: Clock,
        tally: Tally,
        breaker: Breaker,
        sheet: Sheet,
        second: Second,
        markets: Markets,
        changes: Changes,
        deeds: Deeds | None = None,
    ) -> None:
        """Start the lease's own stopwatch: it runs on the machine's monotonic time."""
        self._deeds = deeds
        self._second, self._markets, self._changes = second, markets, changes
        self._store, self._sender, self._clock, self._tally = store, sender, clock, tally
        self._breaker, self._sheet = breaker, sheet
        self._ends = time.monotonic() + LEASE.total_seconds() * 0.8
        self._marks: list[dict[str, Any]] = []

    def all(self, batch: Sequence[Claimed]) -> None:
        """Hand off in order; keyed providers are marked together, others one by one. An open circuit gives back."""
        looks = Looks(self._store, self._second, self._changes, batch, self._deeds)
        for place, claimed in enumerate(batch):
            if time.monotonic() > self._ends or self._breaker.allowance == 0:
                self._give_back(claimed)
                continue
            fault("K1")
            refusal = self._refusal(claimed, looks, place)
            if refusal is None:  # not ours any more
                continue
            if refusal == STOPPED:
                self._give_back(claimed)
                continue
            if isinstance(refusal, Denied) and passes(refusal) and not claimed.is_again:
                self._release(claimed, WAIT)
                self._tally.held[reasons_of(refusal)] += 1
            elif refusal:
                self._not_sent(claimed, reasons_of(refusal) if isinstance(refusal, Denied) else refusal)
            else:
                outcome = self._offer(claimed)
                fault("K6")
                self._settle(claimed, outcome)
            if self._sender.kind != "keyed":
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
                if mark["ends_address"]:
                    end_address(uow, self._sheet, mark["ends_address"], self._sender.name, self._clock.now())
            fault("K7")
        fault("K8")
        for mark in marks:
            self._tally.ended(mark["state"], mark["reason"])

    def _offer(self, claimed: Claimed) -> HandOff:
        """Hand off, or ask where the provider may have it already; the circuit hears what became of it."""
        if claimed.is_again and isinstance(self._sender, Queryable):
            with self._store.read() as uow:
                known = uow.deliveries.receipts(claimed.row.shop_id, claimed.row.person_id)
            outcome = self._sender.look_up(claimed.message, from_micros(claimed.row.claimed_at), known)
            outcome = outcome if not isinstance(outcome, Refused) else Refused(reason="not_found", is_retryable=False)
        else:
            outcome = self._sender.hand_off(claimed.message)
        self._breaker.heard(outcome)
        return outcome

    def _refusal(self, claimed: Claimed, looks: Looks, place: int) -> str | Denied | None:
        """Look again right before the hand-off, with both checkers. None where the claim is lost; empty to go on."""
        now = self._clock.now()
        if self._sender.kind == "keyed" or claimed.is_again:
            return self._judged(claimed, looks.at(place, now), now)
        with self._store.unit_of_work(durable=True) as uow:
            if self._deeds is None or not self._deeds.is_stale(uow, claimed.row, claimed.person_id):
                return self._started(uow, claimed, now)
        self._deeds.refresh([(claimed.row, claimed.person_id)], now)  # the lake is read between two transactions
        with self._store.unit_of_work(durable=True) as uow:
            return self._started(uow, claimed, now)

    def _started(self, uow: UnitOfWork, claimed: Claimed, now: datetime) -> str | Denied | None:
        """Look at one message and, where it may go, write down that its hand-off begins."""
        found = look_at(uow, [claimed], self._second, self._second.plan_lately, now, self._deeds)
        refusal = self._judged(claimed, found.get(claimed.row.send_key), now)
        if refusal == "" and not uow.outbox.start(claimed.row.send_key, claimed.fence, now):
            return None
        return refusal

    def _judged(self, claimed: Claimed, look: Look | None, now: datetime) -> str | Denied | None:
        if look is None or not look.stands(now):
            return None
        if look.state["is_stopped"]:
            return STOPPED
        row, is_erased = claimed.row, look.state["is_erased"]
        refusal = "erased" if is_erased else consent_refusal(look.state, row.channel, row.message_class)
        return refusal or look.answered or self._look_again(claimed, look, now)

    def _look_again(self, claimed: Claimed, look: Look, now: datetime) -> str | Denied:
        """Ask the second checker."""
        market = market_of(self._markets, claimed.row.market)
        verdict = self._second.verdict(claimed.row, look.person, look.plan, market, now)
        return verdict if isinstance(verdict, Denied) else ""

    def _not_sent(self, claimed: Claimed, reason: str) -> None:
        if claimed.is_again:
            self._mark(claimed, "unknown", f"{reason}_after_hand_off")
        else:
            self._mark(claimed, "suppressed", reason, refund=claimed.cost_millis)

    def _settle(self, claimed: Claimed, outcome: HandOff) -> None:
        row = claimed.row
        match outcome:
            case Accepted():
                self._mark(claimed, "sent", "", receipt=outcome.receipt)
            case Refused() if outcome.is_retryable and (claimed.fence < MAX_ATTEMPTS or outcome.is_outage):
                self._later(claimed, outcome.after_seconds)
            case Refused() if claimed.is_again and (outcome.is_retryable or outcome.reason in UNSETTLED):
                self._mark(claimed, "unknown", outcome.reason)  # what went before may have arrived
            case Refused():
                ended = (row.channel, claimed.message.to, outcome.ends_address) if outcome.ends_address else None
                self._mark(claimed, "failed", outcome.reason, refund=claimed.cost_millis, ends_address=ended)
            case Ambiguous() if self._sender.kind != "blind" and claimed.fence < MAX_ATTEMPTS:
                self._tally.retry += 1  # the claim stays; once its lease lapses it is repeated or looked up
            case Ambiguous():
                self._mark(claimed, "unknown", outcome.reason)

    def _mark(
        self, claimed: Claimed, state: str, reason: str, *, receipt: str = "", refund: int = 0, ends_address: Any = None
    ) -> None:
        self._marks.append(
            {
                "send_key": claimed.row.send_key,
                "fence": claimed.fence,
                "plan_id": claimed.row.plan_id,
                "state": state,
                "reason": reason,
                "receipt": receipt,
                "refund": refund,
                "ends_address": ends_address,
            }
        )

    def _later(self, claimed: Claimed, after_seconds: int | None) -> None:
        """Give the claim back and try again after a growing, spread wait, never before the provider wants it."""
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(claimed.fence - 1, 20))
        spread = int(content_hash([claimed.row.send_key, claimed.fence])[:6], 16) / 16**6
        least = min(LONGEST_WAIT, timedelta(seconds=after_seconds or 0))
        self._release(claimed, max(wait * (0.5 + spread / 2), least * (1 + spread / 10)))
        self._tally.retry += 1

    def _give_back(self, claimed: Claimed) -> None:
        if not claimed.is_again:
            self._release(claimed, timedelta())
            self._tally.retry += 1

    def _release(self, claimed: Claimed, wait: timedelta) -> None:
        if claimed.is_again:
            return  # an earlier hand-off may have arrived: keep the slot, the lapsed lease brings it back
        with self._store.unit_of_work() as uow:
            uow.outbox.release(claimed.row.send_key, claimed.fence, self._clock.now(), wait)
            uow.budget_ledger.release(claimed.row.plan_id, claimed.cost_millis)
