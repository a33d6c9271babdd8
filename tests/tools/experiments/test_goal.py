"""The chance of a goal: what is left to come at the pace so far, against simulated windows."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from memory.domain.outcome import NotEstimable
from tools.experiments.arms import ArmMean
from tools.experiments.gate import Calendar
from tools.experiments.goal import chance_of, goal_chance, share_chance

START = datetime(2026, 12, 1, tzinfo=UTC)


def calendar(day: int) -> Calendar:
    return Calendar(START, START + timedelta(days=90), START + timedelta(days=day))


def test_s1_56_the_chance_is_one_half_on_the_pace_and_certain_at_the_end() -> None:
    assert chance_of(50, 50, 1_000, 0.10, 0.5) == pytest.approx(0.5)
    assert chance_of(60, 60, 1_000, 0.10, 0.5) > 0.8
    assert [chance_of(n, n, 1_000, 0.10, 1.0) for n in (99, 100)] == [0.0, 1.0]


@pytest.mark.parametrize("done", [0.25, 0.5, 0.8])
def test_s1_56_s1_57_stated_chances_come_true_as_often_as_they_say(done: float) -> None:
    """2,000 worlds, each with its own pace around the goal; baskets are skewed. Chances are grouped in fifths."""
    rng = np.random.default_rng(11)
    n, target = 5_000, 6.0
    stated, reached = [], []
    for pace in rng.uniform(400, 800, 2_000):
        early, late = rng.poisson(pace * done), rng.poisson(pace * (1 - done))
        first, rest = rng.lognormal(3.7, 0.7, early), rng.lognormal(3.7, 0.7, late)
        stated.append(chance_of(first.sum(), (first**2).sum(), n, target, done))
        reached.append(first.sum() + rest.sum() >= target * n)
    group = np.minimum((np.array(stated) * 5).astype(int), 4)
    for fifth in range(5):
        inside = group == fifth
        said, found = np.array(stated)[inside].mean(), np.array(reached)[inside].mean()
        assert abs(said - found) < 0.05 + 3 * np.sqrt(0.25 / inside.sum()), (fifth, said, found, inside.sum())


@pytest.mark.parametrize("done", [0.25, 0.5, 0.8])
def test_s1_58_stated_chances_of_a_share_come_true_as_often_as_they_say(done: float) -> None:
    """2,000 shops, each with its own referral rate around the goal of 20 %; chances are grouped in fifths."""
    rng = np.random.default_rng(7)
    stated, reached = [], []
    for rate in rng.uniform(0.14, 0.26, 2_000):
        early, late = rng.poisson(600 * done), rng.poisson(600 * (1 - done))
        first, rest = rng.binomial(early, rate), rng.binomial(late, rate)
        stated.append(share_chance(int(first), int(early), 0.20, done))
        reached.append(first + rest >= 0.20 * (early + late))
    group = np.minimum((np.array(stated) * 5).astype(int), 4)
    for fifth in range(5):
        inside = group == fifth
        said, found = np.array(stated)[inside].mean(), np.array(reached)[inside].mean()
        assert abs(said - found) < 0.06 + 3 * np.sqrt(0.25 / inside.sum()), (fifth, said, found, inside.sum())


def test_s1_58_few_new_customers_say_nothing() -> None:
    few = share_chance(20, 49, 0.2, 0.5)
    assert isinstance(few, NotEstimable) and "49 new customers" in few.message
    assert [share_chance(n, 100, 0.2, 1.0) for n in (19, 20)] == [0.0, 1.0]


def test_s1_56_too_few_buyers_say_nothing_of_the_pace() -> None:
    few = goal_chance(ArmMean.of_share(1_000, 30), 30, 30, 0.1, 0.5, calendar(45))
    assert isinstance(few, NotEstimable)
    assert few.readable_on is not None
    assert few.message == "The treated arm has 30 buyers; it is read from 50 on, about 2027-02-14 at the pace so far."
    assert goal_chance(ArmMean.of_share(1_000, 60), 60, 60, 0.1, 0.5, calendar(45)) == pytest.approx(
        chance_of(60, 60, 1_000, 0.1, 0.5)
    )
