"""Unknown messages are settled by a person with a note, once and on the record; progress counts what is due."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from agent.assembly import App
from api.verbs import sends
from api.verbs.acting import Acting
from memory.domain.errors import InvalidInput, NotFound, NotPermitted, NotReady
from memory.domain.money import Money
from memory.domain.principal import Grant, Principal, Role
from memory.store.instants import to_micros
from tests.api.conftest import SHOP
from tests.factories.sends import a_send

NOTE = "the provider's list of 1 December shows it"


def of(app: App, role: Role) -> Acting:
    return Acting(
        app=app, principal=Principal(id="mia", name="mia", grants=(Grant(shop_id=SHOP, role=role),)), shop_id=SHOP
    )


@pytest.fixture
def mia(installation: App) -> Acting:
    """Three messages nobody can speak for, one of another shop, and money that they hold."""
    at = installation.clock.now() - timedelta(hours=3)
    with installation.store.unit_of_work() as uow:
        uow.budget_ledger.open("plan", SHOP, Money(amount_minor=100, currency="EUR"))
        assert uow.budget_ledger.reserve("plan", 30)
        for key in ("k0", "k1", "k2"):
            a_send(uow, SHOP, key, f"p-{key}", "email", at, state="unknown", reason="lease_lapsed", receipt="")
        a_send(uow, "beta", "k3", "p-k3", "email", at, state="unknown", reason="lease_lapsed")
    return of(installation, "marketer")


def row(acting: Acting, key: str) -> Any:
    with acting.app.store.read() as uow:
        found = uow.outbox.get(key)
        assert found is not None
        return found.state, found.reason, found.finished_at


def held(acting: Acting, since: datetime) -> tuple[int, int]:
    """Give the cap slots of the shop's people and the money that is held."""
    with acting.app.store.read() as uow:
        slots = uow.outbox.cap_slots([f"p-k{n}" for n in range(3)], since)
        return len(slots), uow.budget_ledger.reserved_millis("plan")


def test_what_left_keeps_its_slot_and_what_did_not_gives_slot_and_money_back(mia: Acting) -> None:
    since = mia.app.clock.now() - timedelta(days=1)
    assert held(mia, since) == (3, 30)
    assert {one.reason for one in sends.unknown(mia)} == {"lease_lapsed"}
    assert [one.send_key for one in sends.unknown(mia, 2)] == ["k0", "k1"]

    left = sends.settle(mia, ["k0"], has_left=True, note=NOTE)
    assert (left.send_keys, left.n_settled_before) == (("k0",), 0)
    tried = to_micros(mia.app.clock.now() - timedelta(hours=3))
    assert row(mia, "k0") == ("sent", "settled_sent", tried)  # it counts from its hand-off, not from now
    assert held(mia, since) == (3, 30)

    stayed = sends.settle(mia, ["k0", "k1"], has_left=False, note=NOTE)
    assert (stayed.send_keys, stayed.n_settled_before) == (("k1",), 1)  # what is settled stays as it is
    assert row(mia, "k1")[:2] == ("failed", "settled_not_sent")
    assert row(mia, "k0")[0] == "sent"
    assert held(mia, since) == (2, 20)
    with mia.app.store.read() as uow:
        assert not uow.outbox.due(SHOP, "email", mia.app.clock.now() + timedelta(days=9), 10, lock=False)  # never again
        said = [(one.actor, one.action, one.subject, one.detail) for one in uow.audit.entries()]
    assert said == [
        ("mia", "send.settle", "message:k0", {"as": "sent", "note": NOTE}),
        ("mia", "send.settle", "message:k1", {"as": "not_sent", "note": NOTE}),
    ]


def test_it_takes_the_right_to_dispatch_a_note_and_a_message_of_the_shop(mia: Acting) -> None:
    for role in ("viewer", "approver", "agent", "evaluator"):
        with pytest.raises(NotPermitted):
            sends.settle(of(mia.app, role), ["k0"], has_left=True, note=NOTE)
    for note in ("", "  "):
        with pytest.raises(InvalidInput):
            sends.settle(mia, ["k0"], has_left=True, note=note)
    with pytest.raises(InvalidInput):
        sends.settle(mia, [], has_left=True, note=NOTE)
    for key in ("k3", "nothing"):  # another shop's does not exist here
        with pytest.raises(NotFound):
            sends.settle(mia, ["k0", key], has_left=True, note=NOTE)
    assert row(mia, "k0")[0] == "unknown"  # nothing of a refused call is kept
    sends.settle(mia, ["k0"], has_left=True, note=NOTE)
    with pytest.raises(NotReady):
        sends.settle(mia, ["k0"], has_left=False, note=NOTE)


def test_progress_says_what_is_due_how_fast_it_leaves_and_until_when(mia: Acting) -> None:
    now = mia.app.clock.now()
    with mia.app.store.unit_of_work() as uow:
        for number in range(20):
            a_send(uow, SHOP, f"s{number}", f"q{number}", "email", now - timedelta(minutes=5))
        a_send(uow, SHOP, "old", "q", "email", now - timedelta(minutes=50))
        for number in range(6):
            a_send(uow, SHOP, f"d{number}", f"q{number}", "email", now - timedelta(minutes=1), state="planned")
        a_send(uow, SHOP, "later", "q", "sms", now + timedelta(hours=2), state="planned")
    found = sends.progress(mia)
    mail, text = found.channels
    assert (mail.n_due, mail.n_sent, mail.per_minute, mail.n_later) == (6, 20, 2.0, 0)
    assert mail.done_at == now + timedelta(minutes=3)
    assert (text.channel, text.n_due, text.n_later, text.per_minute, text.done_at) == ("sms", 0, 1, 0.0, None)
    assert (found.is_stopped, found.has_worker, found.rate_minutes) == (False, False, 10)
