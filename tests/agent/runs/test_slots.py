"""When a schedule fires next: never in the past, and the very next of its slots."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.runs.slots import latest_slot, next_slot
from memory.domain.run import Schedule

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)  # a Thursday


def schedule(**changes: object) -> Schedule:
    values: dict[str, object] = {
        "id": "s1", "shop_id": "nord", "kind": "plan", "every": "day", "zone": "Europe/Berlin", "created_by": "mia",
        "created_at": NOW - timedelta(days=900), "local_minute": 360,
    }  # fmt: skip
    return Schedule.model_validate(values | changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"every": "hour", "local_minute": 45}, datetime(2026, 11, 26, 9, 45, tzinfo=UTC)),
        ({"every": "hour", "local_minute": 15}, datetime(2026, 11, 26, 10, 15, tzinfo=UTC)),
        ({"local_minute": 660}, datetime(2026, 11, 26, 10, 0, tzinfo=UTC)),
        ({}, datetime(2026, 11, 27, 5, 0, tzinfo=UTC)),
        ({"every": "week", "weekday": 0}, datetime(2026, 11, 30, 5, 0, tzinfo=UTC)),
        ({"every": "week", "weekday": 4}, datetime(2026, 11, 27, 5, 0, tzinfo=UTC)),
        ({"every": "month", "day": 31}, datetime(2026, 11, 30, 5, 0, tzinfo=UTC)),
        ({"every": "month", "day": 1}, datetime(2026, 12, 1, 5, 0, tzinfo=UTC)),
        ({"every": "year", "month": 2, "day": 29}, datetime(2027, 2, 28, 5, 0, tzinfo=UTC)),
        ({"every": "year", "month": 12, "day": 24}, datetime(2026, 12, 24, 5, 0, tzinfo=UTC)),
    ],
)
def test_the_next_slot_is_the_first_in_the_future(changes: dict[str, object], expected: datetime) -> None:
    found = next_slot(schedule(**changes), NOW)
    assert found is not None
    assert found.at == expected
    assert latest_slot(schedule(**changes), found.at) == found  # and it is the one that fires then


def test_what_waits_for_data_has_no_next_slot() -> None:
    assert next_slot(schedule(every="data"), NOW) is None


@pytest.mark.parametrize("every", ["hour", "day", "week", "month", "year"])
def test_a8_a_clock_set_back_to_before_the_schedule_was_set_up_finds_no_slot_and_comes_back(every: str) -> None:
    """It used to look for one back to the year 1, with every round of the worker."""
    later = schedule(every=every, created_at=NOW + timedelta(days=2))
    assert latest_slot(later, NOW) is None
    assert latest_slot(later, NOW - timedelta(days=365)) is None
