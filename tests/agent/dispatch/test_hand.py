"""What becomes of a hand-off: accepted, refused, ambiguous, and claims whose worker died."""

from datetime import timedelta

import pytest

from memory.domain.message import Accepted, Ambiguous, HandOff, Refused
from tests.agent.dispatch.conftest import Desk, Scripted
from tests.factories.doing import LIVE_AT

pytestmark = pytest.mark.slow

OK = Accepted(receipt="r", at=LIVE_AT)


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
    assert desk.run(sender).n_unknown == n
    desk.clock.advance(timedelta(hours=1))
    assert desk.run(sender).n_sent == 0
    assert len(sender.journal) == n
    with desk.store.read() as uow:
        assert len(uow.outbox.unknown("nord")) == n


def test_a2_an_ambiguous_hand_off_to_a_keyed_provider_is_repeated_under_the_same_key(desk: Desk) -> None:
    n = len(desk.planned())
    sender = Scripted([Ambiguous(reason="lost")] * n + [OK])
    assert desk.run(sender).n_retry == n
    desk.clock.advance(timedelta(minutes=5))
    assert desk.run(sender).n_sent == n
    first, again = sender.journal[:n], sender.journal[n:]
    assert {m.send_key for m in first} == {m.send_key for m in again}
    assert sorted(first, key=lambda m: m.send_key) == sorted(again, key=lambda m: m.send_key)


def test_a5_past_the_life_of_a_key_nothing_is_repeated(desk: Desk) -> None:
    n = len(desk.planned())
    sender = Scripted([Ambiguous(reason="lost")] * n + [OK], key_life=timedelta(minutes=1))
    desk.run(sender)
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
