"""Season: about one over a year, more before Christmas than after, and the same whatever is asked beside it."""

import numpy as np

from eval.gym.dates import ANCHOR, FIRST_DAY, season


def test_a_year_is_worth_about_one() -> None:
    assert abs(season(np.arange(365)).mean() - 1.0) < 0.03


def test_weeks_before_christmas_beat_february_and_summer() -> None:
    day0 = (ANCHOR - FIRST_DAY).days
    december, february = season(np.arange(day0, day0 + 14)).mean(), season(np.arange(day0 + 63, day0 + 77)).mean()
    summer = season(np.arange(day0 - 140, day0 - 98)).mean()
    assert december > 1.1 * february
    assert december > 1.1 * summer


def test_sundays_after_payday_beat_saturdays_before_it() -> None:
    days = np.arange(0, 364)
    on = np.datetime64(FIRST_DAY.isoformat(), "D") + days
    weekday = (on.astype(np.int64) + 3) % 7
    assert season(days)[weekday == 6].mean() > 1.1 * season(days)[weekday == 5].mean()
    assert season(np.array([29]))[0] == season(days)[29]


def test_days_before_the_records_have_a_season_too() -> None:
    assert 0.5 < season(np.array([-5_061]))[0] < 1.6
