"""A new sending domain: a daily ceiling, most engaged first, held on complaints; the volume that waits is shown."""

from datetime import timedelta

import pytest

from memory.domain.message import Accepted
from memory.domain.warm_up import CEILINGS
from memory.store.instants import to_micros
from memory.store.outbox import OutboxRow
from tests.agent.dispatch.conftest import Desk, Scripted
from tests.factories.doing import LIVE_AT

pytestmark = pytest.mark.slow

DOMAIN = "nord.example.invalid"


@pytest.fixture
def sender(desk: Desk) -> Scripted:
    with desk.store.unit_of_work() as uow:
        uow.consents.declare_no_suppressions("nord", "email", "mia", desk.clock.now())
    return Scripted([Accepted(receipt="r", at=LIVE_AT)], is_live=True)


def test_a_new_domain_sends_its_ceiling_and_holds_the_rest_until_the_next_day(desk: Desk, sender: Scripted) -> None:
    n = len(desk.planned())
    assert n > CEILINGS[0]
    report = desk.run(sender)
    assert report.n_sent == CEILINGS[0]
    assert report.held == {"warm_up": n - CEILINGS[0]}
    assert desk.counts()[("planned", "warm_up")] == n - CEILINGS[0]
    desk.run(sender)
    assert len(sender.journal) == CEILINGS[0]
    desk.clock.advance(timedelta(days=1))
    desk.run(sender)
    assert desk.counts() == {("sent", ""): n}


def test_who_reacted_last_goes_first(desk: Desk, sender: Scripted) -> None:
    keen = [row.send_key for row in desk.planned()][-3:]
    with desk.store.unit_of_work() as uow:
        for place, key in enumerate(keen):
            row = uow.session.get(OutboxRow, key)
            assert row is not None
            row.engaged_at = to_micros(desk.clock.now()) - place
    desk.run(sender, limit=3)
    assert [message.send_key for message in sender.journal] == keen


def test_complaints_hold_the_domain_until_somebody_resumes_it(desk: Desk, sender: Scripted) -> None:
    desk.run(sender, limit=20)
    with desk.store.unit_of_work() as uow:
        for number in range(2):
            uow.deliveries.note(
                "nord", "provider", f"e{number}", send_key=sender.journal[number].send_key, channel="email",
                kind="complained", detail="", at=desk.clock.now(), arrived_at=desk.clock.now(),
            )  # fmt: skip
    report = desk.run(sender)
    assert (report.n_sent, len(sender.journal)) == (0, 20)
    with desk.store.read() as uow:
        held = uow.warm_ups.get("nord", DOMAIN)
    assert held is not None and held.paused_at is not None
    assert held.reason == "2 complaints on 20 mails"
    desk.clock.advance(timedelta(minutes=1))
    with desk.store.unit_of_work() as uow:
        uow.warm_ups.put("nord", held.model_copy(update={"paused_at": None, "counted_from": desk.clock.now()}))
    desk.clock.advance(timedelta(days=1))
    assert desk.run(sender).n_sent > 0


def test_a_rehearsal_and_a_domain_that_is_warm_know_no_ceiling(desk: Desk, sender: Scripted) -> None:
    n = len(desk.planned())
    desk.run(sender, limit=1)
    with desk.store.unit_of_work() as uow:
        known = uow.warm_ups.get("nord", DOMAIN)
        assert known is not None
        uow.warm_ups.put("nord", known.model_copy(update={"is_done": True}))
    assert desk.run(sender).n_sent == n - 1
