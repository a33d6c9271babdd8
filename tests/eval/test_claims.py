"""Forecasts held against what came in a few small shops; `python -m eval.claims` runs the full set."""

import numpy as np
import pytest

from eval.claims import LEAST, MOST, SEED, _pooled, measure, strength_of
from eval.gym import effects

pytestmark = pytest.mark.slow


def test_strengths_are_fixed_by_seed_and_spread_over_the_range() -> None:
    drawn = [strength_of(seed) for seed in range(SEED, SEED + 200)]
    assert drawn[0] == strength_of(SEED)
    assert LEAST < min(drawn) < 1.2 * LEAST and 0.85 * MOST < max(drawn) < MOST


def test_claims_are_held_against_what_comes_and_the_laws_are_put_back() -> None:
    usual = effects.STRENGTH
    first, last = measure(3, n_customers=8_000, n_cycles=1)
    assert usual == effects.STRENGTH
    assert (first.n_cycles, last.n_cycles) == (0, 1)
    assert first.mean_true_orders > 0 and 0 <= last.covered.estimate <= 1
    assert (first.gain_rate.estimate, first.gain_rate.low, first.gain_rate.high) == (0, 0, 0)
    assert last.gain_rate.low <= last.gain_rate.estimate <= last.gain_rate.high
    assert first.over_true.low < first.over_true.estimate < first.over_true.high


def test_shops_are_pooled_by_how_strong_their_laws_are() -> None:
    claimed, true = np.array([10.0, 30.0, 50.0]), np.array([10.0, 10.0, 100.0])
    assert _pooled(claimed, true, np.array([True, True, False])) == 2
    assert _pooled(claimed, true, np.zeros(3, dtype=np.bool_)) is None
