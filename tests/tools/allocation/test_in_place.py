"""A plan for decisions in a database against the plan in memory."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.allocation_audit import violations
from benchmarks.allocation_worlds import world
from memory.domain.errors import InvalidInput
from memory.lake.backends import Backend, DuckBackend
from tools.allocation import AllocationPlan, Budget, Count, Infeasible, PerPerson, Problem, solve
from tools.allocation.in_place import PlacedPlan, chosen, plan_in_place

from .test_passes import on


@pytest.fixture
def duck() -> Iterator[Backend]:
    backend = DuckBackend()
    yield backend
    backend.close()


def narrow(n: int, money: int, most: int) -> Problem:
    """Give decisions with two options, a budget and a count."""
    bare = world(n, 1)
    few = Count("few", np.array([[True, False]]), most=most)
    limits = (Budget("money", money), few)
    return Problem(bare.value[:2], bare.allowed[:2], (bare.costs[0][:2],), limits)


def check_plan_of(backend: Backend, problem: Problem, within: float) -> None:
    run = on(backend, problem)
    plan, here = plan_in_place(run, size=300), solve(problem)
    assert isinstance(plan, PlacedPlan) and isinstance(here, AllocationPlan)
    rows = chosen(run, plan, backend.arrow("near", plan.near)).order_by("decision").to_pyarrow()
    option = rows["option"].to_numpy()
    option = np.where(option < problem.n_options, option, -1)
    assert not violations(problem, option)
    taken = np.flatnonzero(option >= 0)
    assert problem.value[option[taken], taken].sum() == plan.value
    assert here.bound * (1 - within) <= plan.value <= here.bound
    assert plan.bound >= here.value


def test_the_plan_keeps_every_limit_and_comes_as_near_to_the_bound(duck: Backend) -> None:
    check_plan_of(duck, narrow(2_000, 60_000, 250), 2e-4)


def test_where_no_limit_binds_the_plan_is_the_best_of_each(duck: Backend) -> None:
    check_plan_of(duck, narrow(500, 10**9, 500), 0.0)


def test_limits_that_conflict_are_named(duck: Backend) -> None:
    problem = narrow(60, 10**9, 5)
    few = problem.limits[1]
    assert isinstance(few, Count)
    many = Count("many", few.member, least=20)
    found = plan_in_place(on(duck, replace(problem, limits=(few, many))))
    assert found == Infeasible(("few", "many"), is_proven=False)


def test_caps_over_several_decisions_are_refused(duck: Backend) -> None:
    problem = world(20, 1)
    caps = PerPerson(np.zeros(20, dtype=np.int64), np.ones(20, dtype=np.int64))
    with pytest.raises(InvalidInput, match="solve"):
        plan_in_place(on(duck, replace(problem, per_person=caps)))
