"""Readings of people assigned on one day: planned looks, days nobody planned, and widened intervals."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from memory.domain.evidence import AnytimeReadout
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tools.experiments.daily import Daily, PlannedLook, anytime_reading, planned_reading, sequence
from tools.experiments.gate import Calendar
from tools.experiments.intervals import share_difference, share_ratio
from tools.experiments.widen import at_any_look, quantile

START = datetime(2026, 12, 1, tzinfo=UTC)
LOOKS = (14, 28, 42, 56, 70, 90)


def steady(treated: float = 20.0, control: float = 15.0, n_days: int = 90) -> Daily:
    days = np.arange(1, n_days + 1)
    return Daily((10_000, 10_000), (np.floor(treated * days), np.floor(control * days)))


def calendar(day: int) -> Calendar:
    return Calendar(START, START + timedelta(days=90), START + timedelta(days=day))


def read(daily: Daily, day: int) -> PlannedLook | NotEstimable:
    return planned_reading(daily, LOOKS, day, 90, alpha=0.05, calendar=calendar(day))


def test_between_looks_the_last_planned_one_is_read_as_it_stood() -> None:
    on_day, later = read(steady(), 42), read(steady(), 50)
    assert isinstance(on_day, PlannedLook) and isinstance(later, PlannedLook)
    assert on_day == later
    assert (on_day.day, on_day.readout.n_looks) == (42, 3)
    end = read(steady(), 90)
    assert isinstance(end, PlannedLook)
    assert end.readout.alpha_spent == pytest.approx(0.05)


def test_a_look_without_new_buyers_is_left_out_instead_of_failing() -> None:
    stuck = np.minimum(np.arange(1, 91), 28) * 15.0
    found = read(Daily((10_000, 10_000), (stuck + 20, stuck)), 60)
    assert isinstance(found, PlannedLook)
    assert (found.day, found.readout.n_looks) == (28, 2)


def test_before_the_first_look_the_day_is_named() -> None:
    early = read(steady(), 10)
    assert isinstance(early, NotEstimable)
    assert (early.code, early.readable_on) == ("window_open", date(2026, 12, 15))
    few = read(steady(2.0, 1.0), 30)
    assert isinstance(few, NotEstimable)
    assert (few.code, few.readable_on) == ("too_few_buyers", date(2027, 1, 20))


def test_looks_that_passed_unread_are_not_said_to_come_and_the_next_one_is_named() -> None:
    """44 buyers at most by day 16: the look on day 14 could not be read; 50 came by day 18."""
    found = read(steady(2.8, 2.8), 18)
    assert isinstance(found, NotEstimable)
    assert found.message == "No planned look could be read yet; the next is on 2026-12-29."
    assert (found.code, found.readable_on) == ("window_open", date(2026, 12, 29))
    first = read(steady(), 10)
    assert isinstance(first, NotEstimable)
    assert first.message == "No planned look has come yet; the first is on 2026-12-15."


def test_where_no_look_is_left_the_last_one_says_why_it_could_not_be_read() -> None:
    found = planned_reading(steady(2.8, 2.8), (7, 14), 20, 90, alpha=0.05, calendar=calendar(20))
    assert isinstance(found, NotEstimable)
    assert (found.code, found.readable_on) == ("too_few_buyers", None)
    assert found.message == "The control arm has 39 buyers; it is read from 50 on."


def test_the_sequence_is_the_reading_of_each_day() -> None:
    daily = steady()
    gap, low, high = sequence(daily, 0.15)
    assert np.isnan(low[:3]).all() and not np.isnan(low[3:]).any()
    for day in (4, 40, 90):
        one = anytime_reading(daily, day, 0.15, alpha=0.05, calendar=calendar(day))
        assert isinstance(one, AnytimeReadout)
        assert (gap[day - 1], low[day - 1], high[day - 1]) == pytest.approx(
            (one.welch.estimate, one.welch.low, one.welch.high)
        )


def test_widening_multiplies_the_standard_errors_and_keeps_the_estimate() -> None:
    one = share_difference(200, 1_000, 150, 1_000)
    wide = at_any_look(one, 1.0)
    assert isinstance(wide, Interval)
    assert wide.estimate == one.estimate
    assert (wide.high - wide.low) / (one.high - one.low) == pytest.approx(quantile(1.0) / 1.959964, rel=1e-6)
    ratio = share_ratio(200, 1_000, 150, 1_000)
    assert isinstance(ratio, Interval)
    wider = at_any_look(ratio, 1.0, is_ratio=True)
    assert isinstance(wider, Interval)
    assert -1 < wider.low < ratio.low < ratio.high < wider.high
    assert wider.estimate == pytest.approx(ratio.estimate)
