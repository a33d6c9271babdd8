"""Several comparisons of one report are corrected together, as cohorts are."""

import numpy as np
import pytest

from tools.experiments.arms import ArmMean
from tools.experiments.cohort_effects import cohort_effects, holm
from tools.experiments.corrected import corrected

PAIRS = [
    (ArmMean.of_share(4_000, 600), ArmMean.of_share(1_000, 110)),
    (ArmMean.of_share(4_000, 500), ArmMean.of_share(1_000, 120)),
    (ArmMean(4_000, 812.0, 9.0e6, 600), ArmMean(1_000, 640.0, 8.0e6, 110)),
]


def test_s2_66_the_correction_is_that_of_the_cohorts() -> None:
    shares = corrected(PAIRS[:2])
    cohorts = cohort_effects({str(at): pair for at, pair in enumerate(PAIRS[:2])}).cohorts
    assert [one.p_value for one in shares] == pytest.approx([one.p_value for one in cohorts])
    assert [one.p_adjusted for one in shares] == pytest.approx([one.p_adjusted for one in cohorts])
    assert [one.differs for one in shares] == [one.differs_from_zero for one in cohorts]


def test_s2_66_shares_and_amounts_stand_in_one_family() -> None:
    found = corrected(PAIRS)
    assert [one.n_tests for one in found] == [3, 3, 3]
    plain = np.array([one.p_value for one in found])
    assert [one.p_adjusted for one in found] == pytest.approx(holm(plain))
    assert found[0].p_adjusted > found[0].p_value


def test_nothing_to_test_is_no_error() -> None:
    assert corrected([]) == ()
