from datetime import UTC, datetime, timedelta

from memory.domain.warm_up import CEILINGS, ceiling, is_too_much

START = datetime(2026, 12, 1, 20, tzinfo=UTC)


def test_the_ceiling_rises_at_local_midnight_and_ends() -> None:
    assert ceiling(START, START, "Europe/Berlin") == CEILINGS[0]
    assert ceiling(START, START + timedelta(hours=2, minutes=59), "Europe/Berlin") == CEILINGS[0]
    assert ceiling(START, START + timedelta(hours=3), "Europe/Berlin") == CEILINGS[1]
    assert ceiling(START, START + timedelta(days=len(CEILINGS)), "Europe/Berlin") is None
    assert ceiling(START, START - timedelta(days=3), "Europe/Berlin") == CEILINGS[0]


def test_one_complaint_pauses_nothing_and_three_in_a_thousand_are_the_limit() -> None:
    assert not is_too_much(1, 1)
    assert not is_too_much(3, 1_000)
    assert is_too_much(4, 1_000)
    assert not is_too_much(0, 0)
