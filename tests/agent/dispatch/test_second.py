"""The second checker inside dispatch: rows by hand, a claim without its first check, caps per address, no bursts."""

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest

from agent.dispatch import claim, hand, second
from memory.domain.message import Ambiguous, Refused, Rendered
from memory.store.changes import Changes
from memory.store.contacts import ContactRow
from memory.store.outbox import OutboxRow
from tests.agent.dispatch.conftest import Desk, Scripted
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow


def test_a_row_without_a_certificate_never_leaves(desk: Desk) -> None:
    first = desk.planned()[0]
    with desk.store.unit_of_work() as uow:
        row = uow.session.get_one(OutboxRow, first.send_key)
        row.certificate = ""
        uow.session.add(row)
    sender = MemorySender(desk.clock)
    assert desk.run(sender).suppressed == {"no_certificate": 1}
    assert first.send_key not in sender.messages


def test_c3_with_the_claim_s_own_check_taken_out_nothing_more_leaves(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug is the missing first check; all reasons are kept."""
    monkeypatch.setattr(claim, "check", lambda *_: None)
    monkeypatch.setattr(hand, "consent_refusal", lambda *_: "")
    first = desk.planned()[0]
    with desk.store.unit_of_work() as uow:
        uow.consents.revoke("nord", first.person_id, "email", desk.clock.now(), "one_click", "link")
    assert desk.run().suppressed == {"consent_revoked,suppressed": 1}


def test_i13_a_plan_stopped_between_two_hand_offs_sends_nothing_more(desk: Desk) -> None:
    sender = Scripted([MemorySender(desk.clock).hand_off(_any())], before=lambda _: _stop(desk))
    report = desk.run(sender, limit=10)
    assert len(sender.journal) == 1
    assert report.suppressed == {"plan_stopped": 9}


def test_i13_planted_looks_that_count_for_ever_are_caught(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug is a watch that sees no commit."""
    monkeypatch.setattr(Changes, "mark", lambda _: "nothing ever changes")
    sender = Scripted([MemorySender(desk.clock).hand_off(_any())], before=lambda _: _stop(desk))
    desk.run(sender, limit=10)
    assert len(sender.journal) > 1


def test_i13_without_keys_a_stopped_plan_sends_nothing_after_a_second(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each hand-off takes 0.4 s; the first stops the plan, two more leave on what was read less than a second ago."""
    elapsed = [100.0]
    monkeypatch.setattr(second, "time", SimpleNamespace(monotonic=lambda: elapsed[0]))

    def stop(_: Rendered) -> None:
        elapsed[0] += 0.4
        _stop(desk)

    sender = Scripted([MemorySender(desk.clock).hand_off(_any())], kind="blind", before=stop)
    report = desk.run(sender, limit=10)
    assert len(sender.journal) == 3
    assert report.suppressed == {"plan_stopped": 7}


def _stop(desk: Desk) -> None:
    with desk.store.unit_of_work() as uow:
        uow.plans.set_status(desk.world.plan.id, "stopped")


def _any() -> Rendered:
    return Rendered(send_key="x", channel="email", message_class="service", to="x", text="x")


def test_b2_one_address_has_one_cap_whoever_it_belongs_to(desk: Desk) -> None:
    """Two records that nobody merged share a mailbox: what one got counts for the other."""
    one, other = desk.planned()[:2]
    with desk.store.unit_of_work() as uow:
        row = uow.session.get_one(ContactRow, ("nord", other.person_id))
        row.email_key = f"k{one.person_id}"
        uow.session.add(row)
        fields = OutboxRow.model_validate(one._mapping).model_dump()
        uow.outbox.plan([fields | {"send_key": f"old{n}"} for n in range(3)])
        uow.outbox.claim([f"old{n}" for n in range(3)], "w", "memory", "keyed", desk.clock.now(), timedelta(days=30))
    assert desk.run().suppressed == {"frequency_cap": 2}


@pytest.mark.parametrize(
    ("answer", "n_slots"), [(Ambiguous(reason="lost"), 1), (Refused(reason="550", is_retryable=False), 0)]
)
def test_b2_unknown_keeps_its_slot_and_only_a_sure_refusal_gives_it_back(
    desk: Desk, answer: Ambiguous | Refused, n_slots: int
) -> None:
    first = desk.planned()[0]
    desk.run(Scripted([answer], kind="blind"), limit=1)
    with desk.store.read() as uow:
        assert len(uow.outbox.cap_slots([first.person_id], desk.clock.now() - timedelta(days=7))) == n_slots


def test_b3_held_messages_come_back_spread_and_never_burst(desk: Desk) -> None:
    desk.clock.set(desk.clock.now().replace(hour=23))
    n = desk.run().held["quiet_hours"]
    minutes = Counter(row.send_at // 60_000_000 for row in desk.planned())
    assert sum(minutes.values()) == n > 20
    assert max(minutes.values()) <= n // 5


def test_b3_a_message_whose_hour_ends_between_claim_and_hand_off_waits(desk: Desk) -> None:
    """Claimed at 19:59 in Berlin; the first hand-off takes a minute, the others are open no more."""
    desk.clock.set(desk.clock.now().replace(hour=18, minute=59, second=30))
    with desk.store.unit_of_work() as uow:
        people = sorted({row.person_id for row in desk.planned()})
        zones = pa.array([["Europe/Berlin"]] * len(people), pa.list_(pa.string()))
        uow.person_state.upsert("nord", pa.table({"person_id": people, "zones": zones}))
    sender = Scripted([MemorySender(desk.clock).hand_off(_any())])
    sender.before = lambda _: desk.clock.advance(timedelta(minutes=1))
    report = desk.run(sender, limit=5)
    assert len(sender.journal) == 1
    assert report.held["quiet_hours"] == 4
    assert report.n_suppressed == 0
