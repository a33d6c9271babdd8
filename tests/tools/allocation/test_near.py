"""Near ties: who they are, and that what is left out would lose."""

import numpy as np
import pytest

from tools.allocation.columns import NumpyPass
from tools.allocation.limits import sides_of
from tools.allocation.near import near_ties
from tools.allocation.prepare import prepare

from .problems import keeps, small, total


@pytest.mark.parametrize("seed", range(20))
def test_whoever_takes_an_option_left_out_falls_short_by_the_reach(seed: int) -> None:
    problem = small(seed)
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    columns = prepare(problem)
    rng = np.random.default_rng(seed)
    at = np.round(rng.random(len(sides)) * float(np.abs(problem.value).max()))
    sums = NumpyPass(columns, sides)(at)
    dual = sums.value + float((at * (sides.bound - sides.usage(sums))).sum())
    near = near_ties(columns, sides, sides.bound, at, 3)
    choices = rng.integers(0, columns.m + 1, (4_000, columns.n))
    choices = choices[keeps(problem, choices)]
    others = np.setdiff1d(np.arange(columns.n), near.rows)
    leaves = (choices[:, others] != near.option[others]).any(axis=1)
    leaves |= ~near.usable[np.arange(len(near.rows)), choices[:, near.rows]].all(axis=1)
    assert near.reach >= 0
    assert (total(problem.value, choices)[leaves] <= dual - near.reach + 1e-6).all()


def test_all_decisions_are_near_where_they_are_few() -> None:
    problem = small(1)
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    near = near_ties(prepare(problem), sides, sides.bound, np.zeros(len(sides)), 50)
    assert len(near.rows) == problem.n_decisions
    assert near.reach == np.inf
