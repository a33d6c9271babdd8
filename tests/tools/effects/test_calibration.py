import numpy as np
import pytest

from tools.effects.calibration import Calibration, assumed, calibrated, shrunk

from .logs import treatment


def one(level: float, variance: float) -> Calibration:
    return Calibration(0.0, level, 1.0, variance, 0.0)


def test_scores_that_overstate_are_drawn_in_by_what_held_out_rows_say() -> None:
    rng = np.random.default_rng(1)
    score = rng.normal(0, 1.0, 20_000)
    effect = 0.1 + 0.25 * score + rng.normal(0, 1.0, 20_000)
    found = calibrated(score[:, None], effect[:, None], [treatment()])[0]
    assert found.level == pytest.approx(0.1, abs=0.03)
    assert found.slope == pytest.approx(0.25, abs=0.03)
    assert found.effect(np.array([2.0]))[0] == pytest.approx(0.6, abs=0.08)


def test_scores_that_mean_nothing_give_everybody_the_mean() -> None:
    rng = np.random.default_rng(1)
    found = calibrated(rng.normal(0, 1, (50_000, 1)), rng.normal(0.2, 1, (50_000, 1)), [treatment()])[0]
    assert found.slope < 0.02


def test_equal_scores_have_a_level_and_no_slope() -> None:
    found = calibrated(np.full((1_000, 1), 0.3), np.random.default_rng(1).normal(0.2, 1, (1_000, 1)), [treatment()])[0]
    assert (found.slope, found.slope_variance) == (0.0, 0.0)
    assert found.level == pytest.approx(0.2, abs=0.1)


def test_intervals_of_scores_hold_the_truth_as_often_as_they_say() -> None:
    held = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        score = rng.normal(0, 1.0, 2_000)
        effect = 0.1 + 0.5 * score + rng.normal(0, 2.0, 2_000)
        found = calibrated(score[:, None], effect[:, None], [treatment()])[0]
        at = np.array([1.5])
        held.append(abs(found.effect(at)[0] - 0.85) < 1.96 * np.sqrt(found.variance(at)[0]))
    assert 0.9 < np.mean(held) <= 1.0


def test_levels_are_drawn_to_the_mean_of_three_arms_the_noisiest_most() -> None:
    found = shrunk([one(0.0, 0.01), one(0.1, 0.01), one(1.0, 1.0)], [treatment(), treatment(), treatment()])
    assert found[2].level < 0.4
    assert found[2].level_variance < 1.0
    assert abs(found[0].level) < 0.06


def test_two_arms_without_assumptions_stay_as_they_are() -> None:
    assert [each.level for each in shrunk([one(0.0, 1.0), one(1.0, 1.0)], [treatment(), treatment()])] == [0.0, 1.0]


def test_a_level_is_drawn_to_what_is_assumed_of_its_arm() -> None:
    found = shrunk([one(0.03, 0.01**2)], [treatment(assumed=0.01, assumed_sd=0.01)])[0]
    assert found.level == pytest.approx(0.02)
    assert found.level_variance == pytest.approx(0.01**2 / 2)


def test_an_assumed_arm_keeps_its_doubt() -> None:
    found = assumed(treatment(assumed=0.01, assumed_sd=0.02))
    assert found.effect(np.array([5.0]))[0] == 0.01
    assert found.variance(np.array([5.0]))[0] == pytest.approx(0.0004)
