"""A worker that ends anywhere: a mail about an order leaves once, or is listed as unknown."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from memory import faults
from memory.domain.message import Accepted, Ambiguous, HandOff, ProviderKind, Rendered
from memory.domain.switch import KillSwitch
from tests.factories.order_mail import Mailing, an_order

LEASE_OVER = timedelta(minutes=3)


class Crash(Exception):
    """Stands for a killed process."""


class Journal:
    """A provider that keeps every hand-off it took, one after the other."""

    name, is_live = "journal", False
    key_life: timedelta | None = None

    def __init__(self, mailing: Mailing, kind: ProviderKind) -> None:
        self.kind: ProviderKind = kind
        self.taken, self._clock = list[str](), mailing.clock
        self.answer: HandOff | None = None

    def hand_off(self, message: Rendered) -> HandOff:
        if self.kind == "keyed" and message.idempotency_key in self.taken:
            return Accepted(receipt="again", at=self._clock.now())
        self.taken.append(message.idempotency_key)
        return self.answer or Accepted(receipt="r", at=self._clock.now())


@pytest.fixture
def crash_at() -> Iterator[list[str]]:
    points: list[str] = []

    def heard(point: str) -> None:
        if points and point == points[0]:
            points.clear()
            raise Crash

    faults.listen(heard, "test")
    yield points
    faults.listen(None, "test")


@pytest.mark.parametrize("point", ["K0", "K1", "K6", "K7"])
@pytest.mark.parametrize("kind", ["keyed", "blind"])
def test_s1_14_s1_15_a_crash_sends_nothing_twice_and_loses_nothing_silently(
    mailing: Mailing, crash_at: list[str], point: str, kind: ProviderKind
) -> None:
    provider = Journal(mailing, kind)
    mailing.told("orders/create", an_order())
    crash_at.append(point)
    with pytest.raises(Crash):
        mailing.send(provider)
    for _ in range(3):
        mailing.clock.advance(LEASE_OVER)
        mailing.send(provider)
    (row,) = mailing.rows()
    has_begun = point != "K0"
    assert row.state == ("unknown" if kind == "blind" and has_begun else "sent")
    assert len(provider.taken) == (0 if kind == "blind" and point == "K1" else 1)


def test_s1_14_what_nobody_can_say_is_listed_and_not_sent_again(mailing: Mailing) -> None:
    provider = Journal(mailing, "blind")
    provider.answer = Ambiguous(reason="timeout")
    mailing.told("orders/create", an_order())
    assert mailing.send(provider).n_unknown == 1
    provider.answer = None
    mailing.clock.advance(LEASE_OVER)
    assert mailing.send(provider).n_sent == 0
    assert [row.reason for row in mailing.rows()] == ["timeout"]


def test_s1_14_the_kill_switch_stops_receipts_too(mailing: Mailing) -> None:
    mailing.told("orders/create", an_order())
    for is_stopped, n_sent in ((True, 0), (False, 1)):
        with mailing.store.unit_of_work() as uow:
            uow.switches.put(KillSwitch(scope="alpha", is_stopped=is_stopped, set_by="mia", set_at=mailing.clock.now()))
        report = mailing.send()
        assert report.n_sent == n_sent
        assert [one.code for one in report.refused] == (["stopped"] if is_stopped else [])
