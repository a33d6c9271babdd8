"""Effects that a shop learns by itself: when they are due, once, and what a failure does."""

import os
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.learning import daily
from agent.learning.daily import NICENESS, gently, learn_daily
from memory.domain.errors import NotReady
from memory.domain.learned import ShopEffects
from memory.domain.switch import EVERYWHERE, KillSwitch
from memory.store.engine import Store
from memory.store.versions import DataVersion

from .test_effects import SENT_AT, House

pytestmark = pytest.mark.slow
A_DAY = timedelta(days=1)


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    made = House(store, tmp_path)
    made.decide(made.log(300, 0.2, 0.1))
    return made


def learned(house: House) -> ShopEffects | None:
    return learn_daily(house.store, house.lake, house.clock, "nord")


def kept(house: House) -> ShopEffects | None:
    with house.store.read() as uow:
        return uow.effects.get("nord")


def heard(house: House, at: datetime) -> DataVersion:
    """New facts become known, of other things."""
    with house.store.unit_of_work() as uow:
        return uow.versions.add({}, "an import", at)


def acts(house: House) -> list[tuple[str, str]]:
    with house.store.read() as uow:
        return [(one.actor, one.action) for one in uow.audit.entries() if one.action.startswith("effects.")]


def test_a_shop_learns_by_itself_and_not_again_without_new_rows(house: House) -> None:
    first = learned(house)
    assert first is not None and first == kept(house)
    assert acts(house) == [("measurement", "effects.learn")]
    house.clock.advance(A_DAY)
    assert learned(house) is None, "no facts are newer"
    heard(house, house.clock.now())
    assert learned(house) is None, "no window of a decision ended in them"
    assert kept(house) == first and len(acts(house)) == 1


@pytest.mark.parametrize("days", [7, 14, 90])
def test_after_the_due_time_the_table_is_new_where_a_window_ended(house: House, days: int) -> None:
    """Of hours and channels after a week, of leaving after two, of effects after ninety days."""
    house.clock.set(SENT_AT + timedelta(days=days, hours=-1))
    with house.store.unit_of_work() as uow:
        before = uow.versions.add({}, "an import", house.clock.now())
    first = house.learn()
    assert first.data_version == before.number
    house.clock.advance(timedelta(hours=2))
    heard(house, house.clock.now())
    assert learned(house) is None, "a day has not passed"
    house.clock.advance(A_DAY)
    second = learned(house)
    assert second is not None and second == kept(house)
    assert (second.learned_at, second.data_version) == (house.clock.now(), before.number + 1)


def test_of_two_workers_one_learns(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "is_due", lambda *_: True)
    assert learned(house) is not None
    assert learned(house) is None


def test_a_stopped_shop_learns_nothing_until_it_goes_on(house: House) -> None:
    def turn(scope: str, *, is_stopped: bool) -> None:
        at = house.clock.now()
        with house.store.unit_of_work() as uow:
            uow.switches.put(KillSwitch(scope=scope, is_stopped=is_stopped, set_by="mia", set_at=at))

    for scope in ("nord", EVERYWHERE):
        turn(scope, is_stopped=True)
        assert learned(house) is None
        turn(scope, is_stopped=False)
    turn("sud", is_stopped=True)
    assert learned(house) is not None, "another shop's switch stops only that one"


def test_another_shops_decisions_teach_nothing(house: House) -> None:
    assert learn_daily(house.store, house.lake, house.clock, "sud") is None
    assert acts(house) == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotReady(what="the lift", why="no rates", remedy="Import them"), "Import them"),
        (ValueError("lena@example.com"), "ValueError"),
    ],
)
def test_a_failure_is_told_once_a_day_and_hurts_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def failing(*_: object, **__: object) -> ShopEffects:
        raise error

    monkeypatch.setattr(daily, "learn_from_log", failing)
    for _ in range(3):
        assert learned(house) is None
        house.clock.advance(timedelta(hours=9))
    with house.store.read() as uow:
        alerts = uow.alerts.all("nord")
    assert {(one.code, one.subject) for one in alerts} == {("learning_failed", "shop:nord")}
    assert len(alerts) == 1 and said in alerts[0].message and "lena" not in alerts[0].message
    assert acts(house) == [("measurement", "effects.learn_failed")]
    house.clock.advance(A_DAY)
    learned(house)
    assert len(acts(house)) == 2, "tried again a day later"
    assert kept(house) is None


def test_the_arithmetic_gives_way_and_leaves_its_caller_as_it_was() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = niceness()
    assert gently(niceness) == max(before, NICENESS)
    assert niceness() == before
