"""The confidence sequence against its formula and over a horizon without end."""

import math

import numpy as np
import pytest

from memory.domain.errors import InvalidInput
from memory.domain.evidence import AnytimeReadout
from memory.domain.outcome import NotEstimable
from tools.experiments.anytime import always_valid_p, anytime, multiplier
from tools.experiments.arms import ArmMean


def test_the_width_is_that_of_theorem_2_2() -> None:
    """s sqrt(2 (t rho^2 + 1) / (t^2 rho^2) log(sqrt(t rho^2 + 1) / alpha)) at t = 700, tuned for 1,400."""
    alpha, t, spread = 0.05, 700.0, 0.3
    rho2 = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / 1_400
    width = spread * math.sqrt(2 * (t * rho2 + 1) / (t**2 * rho2) * math.log(math.sqrt(t * rho2 + 1) / alpha))
    assert multiplier(np.float64(0.5)) * spread / math.sqrt(t) == pytest.approx(width)


def test_the_sequence_is_narrowest_about_where_it_was_tuned() -> None:
    progress = np.linspace(0.05, 5, 400)
    widths = multiplier(progress) / np.sqrt(progress)
    assert (np.diff(widths) < 0).all()
    rivals = [multiplier(np.float64(scale)) for scale in (0.3, 1.0, 3.0)]
    assert min(rivals) == rivals[1]


def test_a_random_walk_watched_far_beyond_the_plan_leaves_it_in_fewer_than_5_of_100_runs() -> None:
    rng = np.random.default_rng(2)
    n_steps = 2_000
    walk = np.cumsum(rng.normal(size=(2_000, n_steps)), axis=1) / np.sqrt(np.arange(1, n_steps + 1))
    progress = np.arange(1, n_steps + 1) / 100
    assert (np.abs(walk) >= multiplier(progress)).any(axis=1).mean() < 0.05
    assert (np.abs(walk) >= 1.96).any(axis=1).mean() > 0.5


def test_the_p_value_and_the_interval_agree() -> None:
    for n_treated in range(1_680, 2_000, 20):
        found = anytime(ArmMean.of_share(14_000, n_treated), ArmMean.of_share(14_000, 1_680), 0.7)
        assert isinstance(found, AnytimeReadout)
        assert found.crosses == (found.p_value <= 0.05) == (found.difference.low > 0)
    assert always_valid_p(np.float64(0.0), np.float64(1.0)) == 1.0


def test_the_welch_interval_stands_beside_the_pooled_one() -> None:
    wide, narrow = ArmMean(9_000, 10.0, 400.0, 900), ArmMean(1_000, 9.0, 100.0, 90)
    found = anytime(wide, narrow, 1.0)
    assert isinstance(found, AnytimeReadout)
    times = float(multiplier(np.float64(1.0)))
    assert found.welch.high - 1 == pytest.approx(times * math.sqrt(400 / 9_000 + 100 / 1_000))
    assert found.difference.high > found.welch.high


def test_fewer_than_50_buyers_in_the_smaller_arm_are_not_read() -> None:
    found = anytime(ArmMean.of_share(900, 90), ArmMean.of_share(100, 10), 0.3)
    assert isinstance(found, NotEstimable)


def test_a_progress_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not above 0"):
        anytime(ArmMean.of_share(900, 90), ArmMean.of_share(900, 90), 0.0)
