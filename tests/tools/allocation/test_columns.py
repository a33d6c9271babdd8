"""The pass against every choice at given multipliers."""

from dataclasses import replace

import numpy as np
import pytest

from tools.allocation.columns import Columns, NumpyPass, add_up, best, charge, choice_at, within_caps
from tools.allocation.limits import Floats, Ints, Sides, sides_of
from tools.allocation.prepare import prepare

from .problems import small


@pytest.mark.parametrize("seed", range(12))
def test_no_choice_is_worth_more_at_the_multipliers_than_the_one_the_pass_finds(seed: int) -> None:
    problem = small(seed)
    columns = prepare(problem)
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    rng = np.random.default_rng(seed)
    multipliers = np.round(rng.random(len(sides)) * 64) / 64
    chosen = choice_at(columns, sides, multipliers)
    most = _worth(columns, sides, chosen, multipliers)
    for _ in range(300):
        other = within_caps(columns, rng.integers(0, columns.m + 1, columns.n), rng.random(columns.n))
        assert _worth(columns, sides, other, multipliers) <= most


def _worth(columns: Columns, sides: Sides, option: Ints, multipliers: Floats) -> float:
    sums = add_up(columns, option)
    return float(sums.value - (multipliers * sides.usage(sums)).sum())


def test_doing_nothing_wins_a_tie_with_nothing_gained() -> None:
    problem = small(3)
    columns = prepare(problem)
    sides = sides_of((), problem.n_groups, problem.n_options)
    zero = columns.take(np.arange(columns.n))
    np.minimum(zero.value, 0, out=zero.value)
    assert (choice_at(zero, sides, np.zeros(0)) == columns.m).all()


def test_what_a_cap_charges_leaves_as_many_as_it_lets_through() -> None:
    for seed in range(30):
        columns = prepare(small(seed, n=9))
        if columns.caps is None:
            continue
        option, worth = best(columns, np.zeros(1), np.zeros((columns.n_groups, columns.m)))
        left = worth - charge(columns, worth)
        kept = within_caps(columns, option, worth)
        assert (left[kept < columns.m] >= 0).all()
        assert (left[(kept == columns.m) & (worth > 0)] <= 0).all()


def test_weighted_columns_count_for_as_many_as_they_stand_for() -> None:
    problem = small(1, n=6)
    columns = prepare(problem)
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    once = NumpyPass(columns, sides)(np.zeros(len(sides)))
    thrice = NumpyPass(replace(columns, weight=np.full(columns.n, 3.0)), sides)(np.zeros(len(sides)))
    assert thrice.value == 3 * once.value
    assert thrice.count.tolist() == (3 * once.count).tolist()
    assert thrice.cost.tolist() == (3 * once.cost).tolist()
