import pytest

from eval.looks.parts import cohorts, returns


@pytest.mark.slow
def test_four_cohorts_without_effect_are_left_alone_19_times_in_20() -> None:
    found = cohorts(600, seed=9)
    assert found.any_cohort < 0.05 + 2 * 0.009 < found.any_uncorrected
    assert found.differ < 0.05 + 2 * 0.009
    assert found.shrunk_error < 0.7 * found.plain_error
    assert found.shrunk_covered > 0.95


@pytest.mark.slow
def test_cohorts_that_differ_are_still_estimated_better_together() -> None:
    found = cohorts(300, seed=10, mean=0.02, spread=0.01)
    assert found.shrunk_error < found.plain_error
    assert found.shrunk_covered > 0.89


@pytest.mark.slow
def test_s2_16_returns_cover_the_truth_and_are_refused_where_hardly_anything_was_spent() -> None:
    assert returns(600, 11, redeemed=0.5).covered > 0.93
    scarce = returns(300, 12, redeemed=0.005)
    assert scarce.refused > 0.3
    assert scarce.naive_covered < 0.9
