"""Return on cost: Fieller's interval and the refusal where it has no ends."""

import numpy as np
import pytest

from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tools.experiments.moments import Moments, moments
from tools.experiments.roi import fieller, roi


def arm(n: int, seed: int, rate: float, redeemed: float) -> Moments:
    rng = np.random.default_rng(seed)
    buys = rng.random(n) < rate
    margin = np.where(buys, rng.gamma(2.0, 2_000.0, n), 0.0)
    return moments({"margin": margin, "cost": np.where(buys & (rng.random(n) < redeemed), 500.0, 0.0)})


def test_s2_16_roi_is_incremental_margin_over_cost_with_fieller_s_interval() -> None:
    treated, control = arm(45_000, 1, 0.15, 0.5), arm(5_000, 2, 0.12, 0.0)
    found = roi(treated, control)
    assert isinstance(found, Interval)
    assert found.estimate == pytest.approx((treated.mean[0] - control.mean[0]) / treated.mean[1])
    assert found.low < 0.03 * 4_000 / (0.15 * 0.5 * 500) < found.high
    assert "Fieller" in found.method


def test_at_the_ends_margin_less_return_times_cost_is_just_not_distinguishable_from_0() -> None:
    ends = fieller(10.0, 4.0, 5.0, 0.6, 0.7, 1.96)
    assert ends is not None
    for end in ends:
        assert (10 - end * 5) ** 2 == pytest.approx(1.96**2 * (4 - 2 * end * 0.7 + end**2 * 0.6))


def test_a_cost_known_exactly_gives_the_plain_interval() -> None:
    assert fieller(10.0, 4.0, 5.0, 0.0, 0.0, 2.0) == pytest.approx((6 / 5, 14 / 5))


@pytest.mark.parametrize("redeemed", [0.0, 0.0003])
def test_s2_16_a_cost_that_cannot_be_told_from_0_has_no_return(redeemed: float) -> None:
    found = roi(arm(4_500, 3, 0.15, redeemed), arm(500, 4, 0.12, 0.0))
    assert isinstance(found, NotEstimable)
    assert found.code == "denominator_near_zero"


def test_an_arm_of_one_has_no_return() -> None:
    found = roi(arm(4_500, 3, 0.15, 0.5), arm(1, 4, 0.12, 0.0))
    assert isinstance(found, NotEstimable) and found.code == "too_few_people"
