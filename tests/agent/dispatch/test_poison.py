"""A3: one recipient in a batch is poison; it fails alone, whatever is wrong and wherever in the batch it stands."""

from pathlib import Path
from typing import Any

import pytest

from agent.dispatch import dispatch, words
from eval.faults.cap_race import prepare, race_at
from eval.faults.world import KEY, SHOP, a_context, a_plan, sqlite_url
from memory.domain.clock import ManualClock
from memory.domain.message import Accepted, HandOff, Refused, Rendered
from memory.domain.outcome import Blocked
from memory.store.contacts import ContactRow
from memory.store.engine import open_store
from tests.agent.dispatch.conftest import Desk, Scripted
from tests.factories.doing import LIVE_AT
from tools.copywriting import render

pytestmark = pytest.mark.slow


class Poisoned(Scripted):
    """Refuses one recipient for good."""

    poison: str = ""
    refusal: HandOff = Refused(reason="554 no", is_retryable=False)

    def hand_off(self, message: Rendered) -> HandOff:
        self.journal.append(message)
        return self.refusal if message.send_key == self.poison else Accepted(receipt="r", at=LIVE_AT)


def row_at(desk: Desk, place: int) -> Any:
    return desk.planned()[place]


@pytest.mark.parametrize("kind", ["keyed", "blind"])
@pytest.mark.parametrize("place", [0, 1, 30, -1])
def test_a3_one_poisoned_recipient_fails_alone_and_a_retry_sends_nobody_twice(
    desk: Desk, kind: str, place: int
) -> None:
    n, sender = len(desk.planned()), Poisoned(kind=kind)  # type: ignore[arg-type]
    sender.poison = row_at(desk, place).send_key
    report = desk.run(sender)
    assert (report.n_sent, report.failed) == (n - 1, {"554 no": 1})
    assert desk.run(sender).n_sent == 0
    assert len(sender.journal) == len({message.send_key for message in sender.journal}) == n


@pytest.mark.parametrize("place", [0, 1, 30, -1])
def test_a3_a_recipient_without_an_address_is_suppressed_with_the_reason_and_holds_up_nobody(
    desk: Desk, place: int
) -> None:
    n, row = len(desk.planned()), row_at(desk, place)
    with desk.store.unit_of_work() as uow:
        contact = uow.session.get_one(ContactRow, (row.shop_id, row.person_id))
        contact.email, contact.first_name = "", ""
        uow.session.add(contact)
    sender = Scripted([Accepted(receipt="r", at=LIVE_AT)])
    report = desk.run(sender)
    assert report.n_sent == n - 1
    assert sum(report.suppressed.values()) == 1
    assert row.send_key not in {message.send_key for message in sender.journal}


def test_a3_planted_a_batch_that_ends_with_its_first_failure_is_caught(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mistake: what a recipient raises ends the batch, and the others wait for the lease."""
    from agent.dispatch.hand import Hand

    real = Hand._settle

    def careless(self: Hand, claimed: Any, outcome: HandOff) -> None:
        if isinstance(outcome, Refused):
            raise RuntimeError(outcome.reason)
        real(self, claimed, outcome)

    monkeypatch.setattr(Hand, "_settle", careless)
    sender = Poisoned()
    sender.poison = row_at(desk, 1).send_key
    with pytest.raises(RuntimeError, match="554"):
        desk.run(sender)
    assert ("failed", "554 no") not in desk.counts()
    assert len(sender.journal) == 2


PLACES = (0, 1, 250, 499)


def test_a3_of_five_hundred_the_four_that_are_poisoned_fail_alone_each_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First, second, in the middle and last: no address, a template that fails, a server's error, a 554."""
    url = sqlite_url(tmp_path / "five-hundred.db")
    assert prepare(url, 500, per_person=1) == 500
    store, clock = open_store(url), ManualClock(race_at(a_plan(a_context())))
    with store.read() as uow:
        rows = uow.outbox.due(SHOP.shop_id, "email", clock.now(), 1_000, lock=False)
    nowhere, unworded, broken, refused = (rows[place] for place in PLACES)
    with store.unit_of_work() as uow:
        for row, field, value in ((nowhere, "email", ""), (unworded, "first_name", "Boom")):
            contact = uow.session.get_one(ContactRow, (row.shop_id, row.person_id))
            setattr(contact, field, value)
            uow.session.add(contact)

    def fragile(name: str, language: str, facts: Any, *more: Any) -> Any:
        if facts.first_name == "Boom":
            return Blocked(rule="copy", code="template", message="it does not render", path=name)
        return render(name, language, facts, *more)

    monkeypatch.setattr(words, "render", fragile)
    sender = Refusing({broken.send_key: "500 no", refused.send_key: "554 no"})
    report = dispatch(store, {"email": sender}, clock, KEY, SHOP.shop_id)
    assert (report.n_sent, report.failed) == (496, {"500 no": 1, "554 no": 1})
    assert report.suppressed == {"no_address": 1, "template": 1}
    assert dispatch(store, {"email": sender}, clock, KEY, SHOP.shop_id).n_sent == 0
    assert len(sender.journal) == len({message.send_key for message in sender.journal}) == 498
    store.close()


class Refusing(Scripted):
    """Refuses some messages for good, each for its reason, and takes all others."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__()
        self.reasons = reasons

    def hand_off(self, message: Rendered) -> HandOff:
        self.journal.append(message)
        reason = self.reasons.get(message.send_key)
        return Refused(reason=reason, is_retryable=False) if reason else Accepted(receipt="r", at=LIVE_AT)
