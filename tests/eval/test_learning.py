"""Learning held against known effects in two small shops; `python -m eval.learning` runs the full set."""

import numpy as np
import pytest

from eval.learning import SEED, LearningReport, gain, measure

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found() -> LearningReport:
    return measure([SEED, SEED + 1], n_customers=20_000, n_fresh=1)


def test_the_plan_after_three_measured_cycles_earns_more_than_the_first(found: LearningReport) -> None:
    assert len(found.net_minor) == 4
    assert found.net_minor[-1] > found.net_minor[0] > 0
    assert found.gain_rate.estimate == pytest.approx(found.net_minor[-1] / found.net_minor[0] - 1, abs=1e-4)


def test_its_forecast_is_nearer_to_what_comes(found: LearningReport) -> None:
    first, last = (abs(ratio.estimate - 1) for ratio in (found.claimed_over_true[0], found.claimed_over_true[-1]))
    assert last < first


def test_the_gain_is_read_in_pairs() -> None:
    """Every shop gains a tenth: however different the shops, nothing is in doubt."""
    first = np.array([100.0, 500.0, 900.0])
    sure = gain(first, first * 1.1)
    assert (sure.estimate, sure.low, sure.high) == pytest.approx((0.1, 0.1, 0.1))
    unsure = gain(first, first * np.array([1.4, 0.9, 1.1]))
    assert unsure.low < 0 < unsure.high
