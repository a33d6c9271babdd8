"""Forecasts held against what came in a few small shops; `python -m eval.claims` runs the full set."""

import pytest

from eval.claims import LEAST, MOST, SEED, measure, strength_of
from eval.gym import effects

pytestmark = pytest.mark.slow


def test_strengths_are_fixed_by_seed_and_spread_over_the_range() -> None:
    drawn = [strength_of(seed) for seed in range(SEED, SEED + 200)]
    assert drawn[0] == strength_of(SEED)
    assert LEAST < min(drawn) < 0.6 and 2.5 < max(drawn) < MOST


def test_claims_are_held_against_what_comes_and_the_laws_are_put_back() -> None:
    usual = effects.STRENGTH
    first, last = measure(3, n_customers=8_000, n_cycles=1)
    assert usual == effects.STRENGTH
    assert (first.n_cycles, last.n_cycles) == (0, 1)
    assert first.mean_true_orders > 0 and 0 <= last.covered.estimate <= 1
    assert first.over_true.low < first.over_true.estimate < first.over_true.high
