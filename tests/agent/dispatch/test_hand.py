"""What becomes of a hand-off: accepted, refused, ambiguous, and claims whose worker died."""

from datetime import datetime, timedelta

import pytest

from memory.domain.message import Accepted, Ambiguous, HandOff, Refused
from tests.agent.dispatch.conftest import KEY, Desk, Scripted
from tests.factories.doing import LIVE_AT

pytestmark = pytest.mark.slow

OK = Accepted(receipt="r", at=LIVE_AT)
NEVER = 10**6
"""Failures in a row after which the circuit opens, in tests about something else."""


def test_i2_every_message_ends_in_exactly_one_state(desk: Desk) -> None:
    n = len(desk.planned())
    answers: list[HandOff] = [OK, Refused(reason="550 no", is_retryable=False), Ambiguous(reason="lost"), OK]
    report = desk.run(Scripted(answers, kind="blind"))
    assert (report.failed, report.n_unknown) == ({"550 no": 1}, 1)
    assert sum(desk.counts().values()) == n
    assert {state for state, _ in desk.counts()} == {"sent", "failed", "unknown"}


def test_a2_an_ambiguous_hand_off_to_a_blind_provider_is_never_sent_again(desk: Desk) -> None:
    sender = Scripted([Ambiguous(reason="lost")], kind="blind")
    n = len(desk.planned())
    assert desk.run(sender, opens_after=NEVER).n_unknown == n
    desk.clock.advance(timedelta(hours=1))
    assert desk.run(sender).n_sent == 0
    assert len(sender.journal) == n
    with desk.store.read() as uow:
        assert len(uow.outbox.unknown("nord")) == n


def test_a2_an_ambiguous_hand_off_to_a_keyed_provider_is_repeated_under_the_same_key(desk: Desk) -> None:
    n = len(desk.planned())
    sender = Scripted([Ambiguous(reason="lost")] * n + [OK])
    assert desk.run(sender, opens_after=NEVER).n_retry == n
    desk.clock.advance(timedelta(minutes=5))
    assert desk.run(sender).n_sent == n
    first, again = sender.journal[:n], sender.journal[n:]
    assert {m.send_key for m in first} == {m.send_key for m in again}
    assert sorted(first, key=lambda m: m.send_key) == sorted(again, key=lambda m: m.send_key)


def test_a5_past_the_life_of_a_key_nothing_is_repeated(desk: Desk) -> None:
    n = len(desk.planned())
    sender = Scripted([Ambiguous(reason="lost")] * n + [OK], key_life=timedelta(minutes=1))
    desk.run(sender, opens_after=NEVER)
    desk.clock.advance(timedelta(minutes=5))
    assert desk.run(sender).n_unknown == n
    assert len(sender.journal) == n


def test_a_refusal_for_now_is_tried_again_later_and_at_last_fails(desk: Desk) -> None:
    sender = Scripted([Refused(reason="451 busy", is_retryable=True)])
    n = len(desk.planned())
    for _ in range(8):
        desk.run(sender)
        desk.clock.advance(timedelta(minutes=17))
    assert desk.counts() == {("failed", "451 busy"): n}
    with desk.store.read() as uow:
        plan = desk.world.plan
        assert uow.budget_ledger.remaining_millis(plan.id) == 1000 * plan.budget.total.amount_minor


@pytest.mark.parametrize("kind", ["keyed", "blind"])
def test_a4_a_worker_that_lost_its_lease_does_not_hand_off(desk: Desk, kind: str) -> None:
    """While the first message is on its way the clock passes the lease: the rest of the batch is not ours any more."""
    sender = Scripted([OK], kind=kind)  # type: ignore[arg-type]
    sender.before = lambda _message: desk.clock.advance(timedelta(minutes=10))
    desk.run(sender, limit=5)
    assert len(sender.journal) == 1


def test_a6_what_the_provider_asks_for_is_waited_for(desk: Desk) -> None:
    sender = Scripted([Refused(reason="http 429", is_retryable=True, after_seconds=1800)])
    desk.run(sender, limit=1)
    desk.clock.advance(timedelta(minutes=29))
    desk.run(sender, limit=0)
    with desk.store.read() as uow:
        rows = {row.send_key: row for row in desk.planned()}
        held = uow.outbox.get(sender.journal[0].send_key)
    assert held is not None
    assert rows[held.send_key].send_at >= (LIVE_AT + timedelta(days=1, hours=10, minutes=30)).timestamp() * 1e6


def test_a5_a_body_that_changed_since_the_first_hand_off_is_never_sent_under_its_key(desk: Desk) -> None:
    """The shop is renamed between an ambiguous hand-off and its repetition: the text is another one now."""
    n = len(desk.planned())
    sender = Scripted([Ambiguous(reason="lost")] * n + [OK])
    desk.run(sender, opens_after=NEVER)
    with desk.store.unit_of_work() as uow:
        uow.shops.put(desk.world.shop.model_copy(update={"name": "Another Name"}))
    desk.clock.advance(timedelta(minutes=5))
    assert desk.run(sender).n_unknown == n
    assert len(sender.journal) == n
    assert desk.counts() == {("unknown", "body_changed"): n}


def test_a5_a_repeated_message_that_ends_in_refusals_is_unknown_and_not_failed(desk: Desk) -> None:
    """The first hand-off may have arrived: what is refused later says nothing about it."""
    sender = Scripted([Ambiguous(reason="lost"), Refused(reason="key_reused", is_retryable=False)])
    desk.run(sender, limit=1)
    desk.clock.advance(timedelta(minutes=5))
    assert desk.run(sender, limit=1).n_unknown == 1


class Asked(Scripted):
    """A queryable provider."""

    found: HandOff = Refused(reason="not_listed", is_retryable=False)

    def look_up(self, message: object, since: datetime, known: frozenset[str]) -> HandOff:
        self.asked = (message, since, known)
        return self.found


def test_a2_an_ambiguous_hand_off_to_a_queryable_provider_is_looked_up_and_never_repeated(desk: Desk) -> None:
    sender = Asked([Ambiguous(reason="lost")], kind="queryable")
    assert desk.run(sender, limit=2).n_retry == 2
    sender.found = Accepted(receipt="SM1", at=LIVE_AT)
    desk.clock.advance(timedelta(minutes=5))
    desk.run(sender, limit=0)
    assert len(sender.journal) == 2
    assert desk.counts()[("sent", "")] == 2


def test_a2_what_a_queryable_provider_does_not_know_stays_unknown(desk: Desk) -> None:
    sender = Asked([Ambiguous(reason="lost")], kind="queryable")
    desk.run(sender, limit=1)
    desk.clock.advance(timedelta(minutes=5))
    assert desk.run(sender, limit=0).n_unknown == 1
    assert len(sender.journal) == 1


def test_an_address_that_ended_is_suppressed_before_the_next_claim(desk: Desk) -> None:
    from tools.identity.keys import address_key

    gone = Refused(reason="UNREGISTERED", is_retryable=False, ends_address="hard_bounce")
    sender = Scripted([gone], kind="blind")
    assert desk.run(sender, limit=1).failed == {"UNREGISTERED": 1}
    with desk.store.read() as uow:
        (key,) = uow.consents.suppressions("nord")["address_key"].to_pylist()
    assert key == address_key(KEY, sender.journal[0].to)
