"""A6: one provider that drips costs the other channels next to nothing; each has a thread of its own."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import Any

import pyarrow as pa
import pytest

from agent.dispatch import dispatch
from agent.dispatch.claim import LEASE
from agent.dispatch.run import ROUND_SECONDS, Rest
from memory.domain.clock import Clock
from memory.domain.message import HandOff, Rendered
from tests.agent.dispatch.conftest import KEY, Desk
from tests.factories import planning
from tests.factories.plans import candidate
from tests.factories.verify import outbox_row
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 120.0
"""No bound on the work, only on how long a test waits for what never comes."""


class Counting(MemorySender):
    """Says when it took its last message."""

    def __init__(self, clock: Clock, n_last: int) -> None:
        super().__init__(clock)
        self.n_last, self.is_done = n_last, Event()

    def hand_off(self, message: Rendered) -> HandOff:
        taken = super().hand_off(message)
        if len(self.messages) >= self.n_last:
            self.is_done.set()
        return taken


class Dripping(MemorySender):
    """Takes its first message only after the other channel took its last one."""

    name = "dripping"

    def __init__(self, clock: Clock, other: Counting) -> None:
        super().__init__(clock)
        self.other, self.waited_in_vain, self.n_of_other_at_first = other, False, -1

    def hand_off(self, message: Rendered) -> HandOff:
        self.waited_in_vain |= not self.other.is_done.wait(PATIENCE_SECONDS)
        if not self.messages:
            self.n_of_other_at_first = len(self.other.messages)
        return super().hand_off(message)


def pushes(desk: Desk, n: int) -> None:
    """Plan as many pushes of the new year beside the mails, for people who allow them."""
    rails, now = planning.guardrails(), desk.clock.now()
    with desk.store.unit_of_work() as uow:
        for number, row in enumerate(desk.planned()[-n:]):
            given = {name: getattr(row, name) for name in ("person_id", "cohort", "market", "language", "zone")}
            given |= {"step_id": f"{row.cohort}.new_year_picks", "message_kind": "seasonal_reactivation"}
            wanted = candidate(**given, channel="push")
            uow.outbox.plan([outbox_row(wanted, desk.world.plan, rails, now)])
            uow.person_state.set_consent("nord", row.person_id, "push", True)
            before = pa.table({"person_id": [row.person_id], "last_order_at": [now - timedelta(days=30)]})
            uow.person_state.upsert("nord", before)
            uow.session.connection().exec_driver_sql(
                f"UPDATE contact SET push_token = 't{number}' WHERE subject_id = '{row.person_id}'"
            )


def test_a6_mails_are_done_while_a_slow_channel_still_holds_its_first_message(desk: Desk) -> None:
    pushes(desk, 5)
    mail = Counting(desk.clock, 40)
    push = Dripping(desk.clock, mail)
    dispatch(desk.store, {"email": mail, "push": push}, desk.clock, KEY, "nord", limit=40)
    assert len(mail.messages) == 40
    assert not push.waited_in_vain, "mails waited for the slow channel"
    with desk.store.read() as uow:
        counts = {(channel, state): n for channel, state, _, n in uow.deliveries.outbox_counts("nord")}
    assert counts[("push", "sent")] == 5


@pytest.mark.parametrize("is_planted", [False, True])
def test_a6_beside_a_slow_channel_another_hands_off_all_it_would_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, is_planted: bool
) -> None:
    """Nine tenths have to leave; all do, before the slow one took a single message. Planted: one thread for both."""
    pushes(desk, 40)
    n_alone = len(desk.planned_on("push"))
    push = Counting(desk.clock, n_alone)
    mail = Dripping(desk.clock, push)
    if is_planted:
        monkeypatch.setattr("agent.dispatch.run.ThreadPoolExecutor", one_thread)
        monkeypatch.setattr(f"{__name__}.PATIENCE_SECONDS", 0.01)
    dispatch(desk.store, {"email": mail, "push": push}, desk.clock, KEY, "nord")
    assert mail.n_of_other_at_first == (0 if is_planted else n_alone)
    assert n_alone > 20


def one_thread(**_: object) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1)


@dataclass
class Stopwatch:
    """Seconds that only the slow provider lets pass, and whether the other channel is done in this round."""

    seconds: float = 0.0
    is_other_done: Event = field(default_factory=Event)

    def monotonic(self) -> float:
        return self.seconds


class Crawling(MemorySender):
    """Takes ten seconds for each message, by the stopwatch, and begins when the other channel is done."""

    name = "crawling"
    kind = "blind"

    def __init__(self, clock: Clock, watch: Stopwatch) -> None:
        super().__init__(clock)
        self._watch = watch

    def hand_off(self, message: Rendered) -> HandOff:
        assert self._watch.is_other_done.wait(PATIENCE_SECONDS)
        self._watch.seconds += 10
        return super().hand_off(message)


@pytest.mark.parametrize("is_planted", [False, True])
def test_a6_a_round_waits_for_a_slow_channel_no_longer_than_its_share_and_a_lease(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, is_planted: bool
) -> None:
    """Three rounds of twenty messages per channel; planted: the slow one never stops for the next round."""
    pushes(desk, 40)
    watch, done = Stopwatch(), Rest.done

    def tell(self: Rest) -> None:
        done(self)
        watch.is_other_done.set()

    for module in ("run", "hand"):
        monkeypatch.setattr(f"agent.dispatch.{module}.time", watch)
    monkeypatch.setattr(Rest, "done", tell)
    if is_planted:
        monkeypatch.setattr(Rest, "is_over", False)
    mail: Any = MemorySender(desk.clock)
    push: Any = Crawling(desk.clock, watch)
    longest, n_mails = 0.0, len(desk.planned())
    for number in (1, 2, 3):
        started = watch.seconds
        watch.is_other_done.clear()
        dispatch(desk.store, {"email": mail, "push": push}, desk.clock, KEY, "nord", limit=20)
        longest = max(longest, watch.seconds - started)
        assert len(mail.messages) == min(20 * number, n_mails)
    assert len(push.messages) >= 20  # it is held back, not held up
    assert (longest <= ROUND_SECONDS + LEASE.total_seconds() * 0.8 + 10) is not is_planted, longest


def test_a6_a_slow_channel_stops_after_its_share_once_the_others_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.dispatch.run.ROUND_SECONDS", 0.01)
    rest = Rest(2)
    time.sleep(0.02)
    assert not rest.is_over
    rest.done()
    assert rest.is_over
