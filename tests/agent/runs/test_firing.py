"""Schedules: every slot once, whatever the clock and however many look; late slots follow the catch-up rule."""

import multiprocessing
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agent.runs.firing import fire_due
from agent.runs.slots import latest_slot, n_between
from memory.domain.clock import ManualClock
from memory.domain.run import Schedule
from memory.store.engine import Store, open_store

SET_UP = datetime(2024, 1, 1, tzinfo=UTC)


def schedule(**changes: Any) -> Schedule:
    values: dict[str, Any] = {
        "id": "s1", "shop_id": "nord", "kind": "tick", "every": "day", "zone": "Europe/Berlin", "created_by": "mia",
        "created_at": SET_UP,
    }  # fmt: skip
    return Schedule.model_validate({**values, **changes})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def fired_with(store: Store, one: Schedule, *instants: str) -> list[list[tuple[str, int]]]:
    with store.unit_of_work() as uow:
        uow.runs.schedule(one)
    return [[(run.slot, run.n_missed) for run in fire_due(store, ManualClock(at(when)))] for when in instants]


@pytest.mark.parametrize(
    ("changes", "now", "slot", "instant"),
    [
        ({"every": "month", "day": 31}, "2026-02-28T12:00+01:00", "2026-02-28", "2026-02-28T00:00+01:00"),
        ({"every": "month", "day": 31}, "2026-04-29T12:00+02:00", "2026-03-31", "2026-03-31T00:00+02:00"),
        ({"every": "year", "month": 2, "day": 29}, "2027-03-01T00:00+01:00", "2027-02-28", "2027-02-28T00:00+01:00"),
        ({"every": "year", "month": 2, "day": 29}, "2028-02-29T09:00+01:00", "2028-02-29", "2028-02-29T00:00+01:00"),
        ({"local_minute": 150}, "2026-03-29T12:00+02:00", "2026-03-29", "2026-03-29T03:30+02:00"),  # 02:30 is skipped
        ({"local_minute": 150}, "2026-10-25T12:00+01:00", "2026-10-25", "2026-10-25T02:30+02:00"),  # 02:30 comes twice
        ({"every": "hour"}, "2038-01-19T03:20+00:00", "2038-01-19T03Z", "2038-01-19T03:00+00:00"),
        ({"every": "day"}, "2038-01-20T12:00+01:00", "2038-01-20", "2038-01-20T00:00+01:00"),
        ({"every": "week", "weekday": 6}, "2026-11-27T12:00+01:00", "2026-11-22", "2026-11-22T00:00+01:00"),
    ],
)
def test_a8_month_ends_leap_days_changed_clocks_and_2038(
    changes: dict[str, Any], now: str, slot: str, instant: str
) -> None:
    found = latest_slot(schedule(**changes), at(now))
    assert found is not None
    assert (found.name, found.at) == (slot, at(instant))


def test_a8_every_day_of_thirty_years_has_exactly_one_slot() -> None:
    one, seen = schedule(local_minute=150), set()
    for day in range(365 * 30):
        found = latest_slot(one, SET_UP + timedelta(days=day, hours=12))
        assert found is not None
        seen.add(found.name)
    assert len(seen) == 365 * 30


def test_a8_a_clock_that_jumps_fires_no_slot_twice(store: Store) -> None:
    """A year ahead, back again, an hour to and fro: each slot's name fires once."""
    fired = fired_with(
        store, schedule(),
        "2026-11-26T12:00+01:00", "2027-11-26T12:00+01:00", "2026-11-26T12:00+01:00", "2026-11-26T13:00+01:00",
        "2026-11-26T11:00+01:00", "2026-11-27T12:00+01:00", "2027-11-26T12:00+01:00",
    )  # fmt: skip
    names = [slot for each in fired for slot, _ in each]
    assert names == ["2026-11-26", "2027-11-26", "2026-11-27"]


def test_a4_late_slots_fire_once_and_say_how_many_they_stand_in_for(store: Store) -> None:
    fired = fired_with(store, schedule(), "2026-11-20T12:00+01:00", "2026-11-26T12:00+01:00", "2026-11-26T12:01+01:00")
    assert fired[1:] == [[("2026-11-26", 5)], []]


def test_a_slot_before_the_schedule_was_set_up_never_fires(store: Store) -> None:
    one = schedule(created_at=at("2026-11-26T12:00+01:00"))
    assert fired_with(store, one, "2026-11-26T13:00+01:00", "2026-11-27T00:00+01:00") == [[], [("2026-11-27", 0)]]
    assert n_between(one, one.created_at, latest_slot(one, at("2026-11-27T01:00+01:00"))) == 0  # type: ignore[arg-type]


def test_a_trigger_fires_once_for_each_version_of_the_facts(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.runs.schedule(schedule(every="data"))
        uow.versions.add({}, "import", SET_UP + timedelta(days=1))
    clock = ManualClock(SET_UP + timedelta(days=2))
    assert [run.slot for run in fire_due(store, clock)] == ["v1"]
    assert fire_due(store, clock) == ()


def _fire(url: str, when: str, barrier: Any, results: Any) -> None:
    store = open_store(url)
    barrier.wait(20)
    results.put(len(fire_due(store, ManualClock(at(when)))))
    store.close()


def race(store: Store) -> int:
    """Let four processes fire the same schedule in the same instant; give how many fired."""
    with store.unit_of_work() as uow:
        uow.runs.schedule(schedule())
    store.engine.dispose()
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(4), context.SimpleQueue()
    url = store.engine.url.render_as_string(hide_password=False)
    work = [context.Process(target=_fire, args=(url, "2026-11-26T12:00+01:00", barrier, results)) for _ in range(4)]
    for one in work:
        one.start()
    fired: int = sum(results.get() for _ in work)
    for one in work:
        one.join(20)
    return fired


def test_a4_schedulers_that_start_in_the_same_second_fire_a_slot_once(sqlite_store: Store) -> None:
    assert race(sqlite_store) == 1


@pytest.mark.postgres
@pytest.mark.slow
def test_a4_schedulers_fire_a_slot_once_on_postgresql(postgres_store: Store) -> None:
    assert race(postgres_store) == 1


def test_a4_planted_a_scheduler_that_looks_first_and_inserts_later_fires_twice(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check, then insert under a name of its own: what the unique slot is there to prevent."""
    import itertools
    import time

    from memory.domain.run import Run
    from memory.store.runs import RunRow, Runs

    numbers = itertools.count()

    def careless(self: Runs, run: Run) -> bool:
        time.sleep(0.05)
        name = f"{run.slot}-{os.getpid()}-{next(numbers)}"
        self._session.add(RunRow(**run.model_dump() | {"id": name, "slot": name}))
        self._session.flush()
        return True

    monkeypatch.setattr(Runs, "fire", careless)
    assert race(sqlite_store) > 1
