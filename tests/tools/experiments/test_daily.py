"""Readings of people assigned on one day: planned looks, days nobody planned, and widened intervals."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from memory.domain.evidence import AnytimeReadout, ExactEvidence
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tools.experiments.daily import Daily, PlannedLook, anytime_reading, exact_reading, planned_reading, sequence
from tools.experiments.gate import Calendar
from tools.experiments.intervals import share_difference, share_ratio
from tools.experiments.two_by_two import evidence
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


def test_the_exact_evidence_speaks_before_the_smaller_arm_has_fifty_buyers() -> None:
    few = Daily((4_500, 500), (np.array([150.0, 300.0, 450.0]), np.array([2.0, 4.0, 6.0])))
    assert isinstance(anytime_reading(few, 3, 0.15, alpha=0.05, calendar=calendar(3)), NotEstimable)
    found = exact_reading(few, 3, alpha=0.05)
    assert isinstance(found, ExactEvidence)
    assert found.crosses and found.e_value >= found.needed == 20.0


def test_the_exact_evidence_takes_out_who_bought_before_and_waits_for_a_whole_day() -> None:
    steadily = Daily((1_000, 1_000), (np.array([500.0, 750.0]), np.array([500.0, 750.0])))
    found = exact_reading(steadily, 2, alpha=0.05)
    assert isinstance(found, ExactEvidence)
    assert not found.crosses
    by_hand = evidence((np.array([1_000.0, 500.0]),) * 2, (np.array([500.0, 250.0]),) * 2)
    assert found == by_hand
    none = exact_reading(steadily, 0, alpha=0.05)
    assert isinstance(none, NotEstimable) and none.code == "window_open"


@pytest.mark.slow
def test_the_exact_evidence_seldom_cries_wolf_on_daily_looks_of_people_assigned_at_once() -> None:
    """A tenth withheld, one daily chance for all, another from day to day: at most 5 of 100 experiments cross."""
    rng = np.random.default_rng(20261127)
    n_runs, n_days, crossed = 400, 28, 0
    daily_rate = rng.uniform(0.001, 0.012, n_days)
    for _ in range(n_runs):
        sides = []
        for n in (900, 100):
            left, bought = n, np.zeros(n_days)
            for day in range(n_days):
                bought[day] = rng.binomial(left, daily_rate[day])
                left -= int(bought[day])
            sides.append(np.cumsum(bought))
        found = exact_reading(Daily((900, 100), (sides[0], sides[1])), n_days, alpha=0.05)
        assert isinstance(found, ExactEvidence)
        crossed += found.crosses
    assert crossed / n_runs <= 0.05
