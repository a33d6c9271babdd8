"""One contract for every pass, whether the decisions lie in memory or in a database."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from benchmarks.allocation_worlds import world
from memory.lake.backends import Backend, DuckBackend
from tools.allocation import Problem
from tools.allocation.bundle import Pass, Region, minimise
from tools.allocation.columns import NumpyPass, choice_at
from tools.allocation.distributed import IbisPass, rows_of
from tools.allocation.limits import Sides, Sums, sides_of
from tools.allocation.prepare import prepare

from .problems import small

pytestmark = pytest.mark.slow

GRID = 2.0**-20
Make = Callable[[Problem, Sides], Pass]


def sides(problem: Problem) -> Sides:
    return sides_of(problem.limits, problem.n_groups, problem.n_options)


def on(backend: Backend, problem: Problem) -> IbisPass:
    rows, shape = rows_of(problem)
    return IbisPass(backend.arrow("decisions", rows), shape, sides(problem), GRID)


def check_same(found: Sums, wanted: Sums) -> None:
    assert found.value == wanted.value
    assert found.cost.tolist() == wanted.cost.tolist()
    assert found.count.tolist() == wanted.count.tolist()


def open_problem(seed: int) -> Problem:
    """Give a problem whose blocked options are all masked ones, as a table of decisions knows them."""
    from dataclasses import replace

    problem = small(seed, n=30)
    return replace(problem, allowed=prepare(problem).value > -(2**44))


@pytest.fixture
def duck() -> Iterator[Backend]:
    backend = DuckBackend()
    yield backend
    backend.close()


@pytest.mark.parametrize("seed", range(8))
def test_the_sums_are_the_same_to_the_last_unit_in_a_database(duck: Backend, seed: int) -> None:
    problem = open_problem(seed)
    rng = np.random.default_rng(seed)
    here, there = NumpyPass(prepare(problem), sides(problem)), on(duck, problem)
    for _ in range(3):
        at = np.round(rng.random(len(sides(problem))) * float(np.abs(problem.value).max()) / 3 / GRID) * GRID
        check_same(there(at), here(at))


def test_the_choice_is_the_same_decision_by_decision(duck: Backend) -> None:
    problem = open_problem(5)
    at = np.ones(len(sides(problem)))
    there = on(duck, problem).choice(at).order_by("decision").to_pyarrow()["option"].to_pylist()
    assert there == choice_at(prepare(problem), sides(problem), at).tolist()


def test_the_multipliers_and_the_bound_found_are_the_same(duck: Backend) -> None:
    problem = world(1_000, 1)
    one = sides(problem)
    none = np.zeros(len(one))
    scale = np.where(one.cost >= 0, 3.0, 6_000.0)
    region = Region(none, none, none + np.inf, scale, GRID)
    bound = one.bound.astype(np.float64)
    passes: list[Pass] = [NumpyPass(prepare(problem), one), on(duck, problem)]
    found = [minimise(run, one, bound, region, 1e-3) for run in passes]
    assert found[0].n_passes == found[1].n_passes > 5
    assert found[0].multipliers.tolist() == found[1].multipliers.tolist()
    assert found[0].bound == found[1].bound
