"""Cutting planes against the linear program's own optimum."""

import numpy as np
import pytest
from scipy.optimize import linprog

from tools.allocation import Count, Problem
from tools.allocation.bundle import Region, minimise
from tools.allocation.columns import NumpyPass
from tools.allocation.limits import sides_of
from tools.allocation.prepare import prepare

from .problems import small


def relaxation(problem: Problem) -> float | None:
    """Give the optimum over fractional choices; none where there is none."""
    m, n = problem.value.shape
    sides = sides_of(problem.limits, problem.n_groups, m)
    groups = problem.group if problem.n_groups > 1 else np.zeros(n, dtype=np.int64)
    rows = [
        (problem.costs[cost] if cost >= 0 else sides.member[place][groups].T).ravel()
        for place, cost in enumerate(sides.cost)
    ]
    ones = [np.repeat(np.eye(n)[[one]], m, axis=0).ravel() for one in range(n)]
    upper = [*sides.bound, *np.ones(n)]
    open_cells = prepare(problem).value > -(2**44)
    found = linprog(
        -problem.value.ravel(), np.array([*rows, *ones]), upper, bounds=[(0, float(one)) for one in open_cells.ravel()]
    )
    return None if found.status == 2 else float(-found.fun)


@pytest.mark.parametrize("seed", range(12))
def test_the_smallest_dual_value_is_the_linear_program_s_optimum(seed: int) -> None:
    from dataclasses import replace

    problem = replace(small(seed, n=15), per_person=None)
    optimum = relaxation(problem)
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    none = np.zeros(len(sides))
    region = Region(none, none, none + np.inf, none + 10.0, 2.0**-30)
    run = NumpyPass(prepare(problem), sides)
    lowest = -1.0 - np.abs(problem.value).sum()
    point = minimise(run, sides, sides.bound.astype(np.float64), region, 1e-9, lowest)
    if optimum is None:
        assert point.bound < lowest
    else:
        assert point.bound == pytest.approx(optimum, rel=1e-6, abs=1e-3)


def test_multipliers_stay_inside_their_region() -> None:
    few = Count("few", np.ones((1, 3), dtype=np.bool_), most=2)
    problem = Problem(np.arange(60).reshape(3, 20), np.ones((3, 20), dtype=np.bool_), limits=(few,))
    sides = sides_of(problem.limits, 1, 3)
    one = np.ones(1)
    region = Region(one * 10, one * 9, one * 12, one, 2.0**-20)
    point = minimise(NumpyPass(prepare(problem), sides), sides, sides.bound.astype(np.float64), region, 1e-9)
    assert point.multipliers.tolist() == [12.0]
