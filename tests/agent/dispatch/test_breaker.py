"""A6: the circuit of a channel, seen from dispatch; the provider's journal is the oracle."""

from datetime import timedelta

import pytest

from memory.domain.circuit import OPENS_AFTER
from memory.domain.message import Accepted, Ambiguous, HandOff, Refused
from tests.agent.dispatch.conftest import Desk, Scripted
from tests.factories.doing import LIVE_AT

pytestmark = pytest.mark.slow

OK = Accepted(receipt="r", at=LIVE_AT)
DOWN = Refused(reason="connect: ConnectError", is_retryable=True, is_outage=True)


@pytest.mark.parametrize("failure", [DOWN, Ambiguous(reason="answer lost: ReadTimeout")])
def test_a6_failures_in_a_row_open_the_circuit_and_the_rest_of_the_batch_waits(desk: Desk, failure: HandOff) -> None:
    n, sender = len(desk.planned()), Scripted([failure], kind="blind")
    report = desk.run(sender)
    assert len(sender.journal) == OPENS_AFTER
    assert [(one.rule, one.path) for one in report.refused] == [("circuit", "email")]
    assert sum(desk.counts().values()) == n
    again = desk.run(sender)
    assert len(sender.journal) == OPENS_AFTER
    assert again.refused[0].code == "circuit_open"
    with desk.store.read() as uow:
        assert uow.circuits.all("nord")["email"].state == "open"


def test_a6_it_half_opens_lets_one_through_and_closes_when_that_works(desk: Desk) -> None:
    n = len(desk.planned())
    sender = Scripted([DOWN] * OPENS_AFTER + [DOWN, OK])
    desk.run(sender)
    desk.clock.advance(timedelta(minutes=1))
    desk.run(sender)
    assert len(sender.journal) == OPENS_AFTER + 1  # the one that tried
    desk.clock.advance(timedelta(minutes=2))
    desk.run(sender)
    desk.clock.advance(timedelta(hours=1))
    desk.run(sender)
    assert desk.counts() == {("sent", ""): n}
    with desk.store.read() as uow:
        assert uow.circuits.all("nord")["email"].state == "closed"
        assert uow.budget_ledger.remaining_millis(desk.world.plan.id) >= 0


def test_a3_messages_that_are_refused_themselves_open_nothing(desk: Desk) -> None:
    n, sender = len(desk.planned()), Scripted([Refused(reason="550 no", is_retryable=False)])
    assert desk.run(sender).failed == {"550 no": n}


def test_another_sender_starts_with_a_closed_circuit(desk: Desk) -> None:
    desk.run(Scripted([DOWN]))
    desk.clock.advance(timedelta(minutes=2))
    assert desk.run(Scripted([OK], name="other")).n_sent > OPENS_AFTER
