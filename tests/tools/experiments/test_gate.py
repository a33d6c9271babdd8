"""What is not readable says why, and when it will be."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from memory.domain.outcome import NotEstimable
from tools.experiments.arms import ArmMean
from tools.experiments.cap import preset_cap
from tools.experiments.gate import Calendar, refusal, window_open

START = datetime(2026, 1, 1, tzinfo=UTC)


def calendar(day: int, days: int = 90) -> Calendar:
    return Calendar(START, START + timedelta(days=days), START + timedelta(days=day))


@pytest.mark.parametrize(("treated", "control", "code"), [
    (ArmMean.of_share(900, 90), ArmMean.of_share(0, 0), "no_control_group"),
    (ArmMean.of_share(900, 90), ArmMean.of_share(1, 1), "too_few_people"),
    (ArmMean.of_share(900, 90), ArmMean.of_share(100, 49), "too_few_buyers"),
    (ArmMean.of_share(40, 30), ArmMean.of_share(100, 60), "too_few_buyers"),
    (ArmMean.of_share(90, 90), ArmMean.of_share(60, 60), "no_variance"),
])  # fmt: skip
def test_each_reason_has_its_code(treated: ArmMean, control: ArmMean, code: str) -> None:
    found = refusal(treated, control)
    assert found is not None
    assert (found.code, found.readable_on) == (code, None)


def test_arms_with_enough_buyers_are_read() -> None:
    assert refusal(ArmMean.of_share(900, 90), ArmMean.of_share(600, 50)) is None


def test_the_day_on_which_buyers_suffice_follows_from_the_pace_so_far() -> None:
    """20 buyers in 10 days: 50 after 25."""
    found = refusal(ArmMean.of_share(9_000, 900), ArmMean.of_share(1_000, 20), calendar(10))
    assert found is not None
    assert found.readable_on == date(2026, 1, 26)
    assert "20 buyers; it is read from 50 on, about 2026-01-26" in found.message


@pytest.mark.parametrize(("n_buyers", "day"), [(0, 10), (20, 0), (2, 80)])
def test_no_day_is_named_where_none_is_known_or_the_window_ends_before(n_buyers: int, day: int) -> None:
    found = refusal(ArmMean.of_share(9_000, 900), ArmMean.of_share(1_000, n_buyers), calendar(day))
    assert found is not None and found.readable_on is None


def test_an_open_window_names_its_end() -> None:
    found = window_open(calendar(89))
    assert found is not None
    assert (found.code, found.readable_on) == ("window_open", date(2026, 4, 1))
    assert window_open(calendar(90)) is None


def test_the_cap_is_what_99_of_100_earlier_buyers_stayed_below() -> None:
    amounts = np.concatenate([np.zeros(5_000), np.arange(1.0, 1_001.0)])
    assert preset_cap(amounts) == 991
    few = preset_cap(amounts[:5_100])
    assert isinstance(few, NotEstimable) and few.code == "too_few_buyers"
