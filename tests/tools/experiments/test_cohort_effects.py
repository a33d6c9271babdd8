"""Cohorts: many looks corrected, noise drawn together."""

import numpy as np
import pytest

from memory.domain.evidence import CohortEffect
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tools.experiments.arms import ArmMean
from tools.experiments.cohort_effects import cohort_effects, holm, interaction, shrink

EIGHT = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
EIGHT_ERRORS = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
"""Effects of coaching in eight schools (Rubin 1981; Gelman et al. 2013, table 5.2)."""


def pair(n: int, treated: float, control: float) -> tuple[ArmMean, ArmMean]:
    return ArmMean.of_share(9 * n, round(9 * n * treated)), ArmMean.of_share(n, round(n * control))


def interval(one: CohortEffect, shrunk: bool = False) -> Interval:
    found = one.shrunk if shrunk else one.effect
    assert isinstance(found, Interval)
    return found


def test_holm_s_steps_are_those_of_the_paper() -> None:
    """.01 x 4, .02 x 3, then never less than before: .03 x 2 = .06, .04 x 1 = .04 becomes .06."""
    assert holm(np.array([0.04, 0.01, 0.03, 0.02])) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm(np.array([0.6, 0.7])) == pytest.approx([1.0, 1.0])


def test_the_eight_schools_do_not_differ_and_are_drawn_together() -> None:
    """Cochran's Q is 4.707 on 7 degrees of freedom, p = .6957; the book's posterior means lie between 5 and 11."""
    assert interaction(EIGHT, EIGHT_ERRORS) == pytest.approx(0.6957, abs=1e-4)
    drawn = shrink(EIGHT, EIGHT_ERRORS)
    assert (drawn.effects > 4.5).all() and (drawn.effects < 11.5).all()
    assert (np.argsort(drawn.effects)[[0, -1]] == [4, 0]).all()
    assert (drawn.errors < EIGHT_ERRORS).all()


def test_cohorts_that_clearly_differ_keep_their_own_effects() -> None:
    effects, errors = np.array([0.0, 10.0]), np.array([0.1, 0.1])
    assert shrink(effects, errors).effects == pytest.approx(effects, abs=0.2)
    chance = interaction(effects, errors)
    assert chance is not None and chance < 1e-9


def test_a_lift_in_one_cohort_is_found_there_and_the_cohorts_differ() -> None:
    arms = {"vip": pair(2_000, 0.3, 0.2), "first": pair(2_000, 0.12, 0.12), "late": pair(3_000, 0.05, 0.05)}
    found = cohort_effects(arms)
    assert [one.differs_from_zero for one in found.cohorts] == [True, False, False]
    assert found.cohorts_differ and found.spread > 0.02
    assert all((one.p_adjusted or 0) >= (one.p_value or 0) for one in found.cohorts)


def test_four_cohorts_raise_what_one_must_show() -> None:
    """p = .03 alone is a find; as the best of four it is none."""
    arms = {name: pair(2_000, 0.12, 0.12) for name in "abc"} | {"d": pair(2_000, 0.1367, 0.12)}
    found = cohort_effects(arms).cohorts[3]
    assert found.p_value is not None and found.p_value < 0.05
    assert not found.differs_from_zero
    assert abs(interval(found, shrunk=True).estimate) < abs(interval(found).estimate) / 2


def test_a_cohort_that_cannot_be_read_is_left_out_of_the_correction() -> None:
    arms = {"vip": pair(2_000, 0.14, 0.12), "tiny": pair(100, 0.2, 0.1)}
    found = cohort_effects(arms)
    tiny = found.cohorts[1]
    assert isinstance(tiny.effect, NotEstimable) and tiny.effect.code == "too_few_buyers"
    assert tiny.p_adjusted is None
    assert found.cohorts[0].p_adjusted == found.cohorts[0].p_value
    assert isinstance(found.cohorts[0].shrunk, NotEstimable)
    assert found.interaction_p_value is None and not found.cohorts_differ


def test_no_cohort_at_all_is_an_empty_answer() -> None:
    assert cohort_effects({}).cohorts == ()
