"""A problem planned in a database beside the same one planned in memory."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.allocation_audit import violations
from memory.lake.backends import Backend, DuckBackend
from tools.allocation import AllocationPlan, Count, Infeasible, PerPerson, Problem, solve
from tools.allocation.placed import NotPlaced, solve_placed, without_caps

from .test_in_place import narrow


@pytest.fixture
def duck() -> Iterator[Backend]:
    backend = DuckBackend()
    yield backend
    backend.close()


def capped(problem: Problem, person: list[int], at_most: list[int]) -> Problem:
    return replace(problem, per_person=PerPerson(np.array(person), np.array(at_most)))


def check_placed(backend: Backend, problem: Problem, within: float) -> None:
    """The independent query finds nothing broken, and value and bound agree with the plan in memory."""
    there, here = solve_placed(problem, backend.arrow), solve(problem)
    assert isinstance(there, AllocationPlan) and isinstance(here, AllocationPlan)
    assert not violations(problem, there.option)
    taken = np.flatnonzero(there.option >= 0)
    assert problem.value[there.option[taken], taken].sum() == there.value <= there.bound
    assert here.bound * (1 - within) <= there.value <= here.bound
    assert here.value <= there.bound
    assert [price.limit for price in there.prices] == [price.limit for price in here.prices]


def test_the_plan_of_a_database_keeps_every_limit_and_is_as_good(duck: Backend) -> None:
    check_placed(duck, narrow(2_000, 60_000, 250), 2e-4)


def test_where_nothing_binds_both_plans_are_one(duck: Backend) -> None:
    problem = narrow(300, 10**9, 300)
    there, here = solve_placed(problem, duck.arrow), solve(problem)
    assert isinstance(there, AllocationPlan) and isinstance(here, AllocationPlan)
    assert there.option.tolist() == here.option.tolist()
    assert there.value == there.bound == here.value


def test_caps_with_room_for_all_or_none_are_kept_and_others_are_not_taken(duck: Backend) -> None:
    problem = narrow(4, 10**9, 4)
    full = capped(problem, [0, 0, 1, 2], [2, 2, 0, 1])
    found = solve_placed(full, duck.arrow)
    assert isinstance(found, AllocationPlan)
    assert found.option[2] == -1
    short = capped(problem, [0, 0, 1, 2], [1, 1, 1, 1])
    wants = short.allowed[:, :2].any(axis=0).all()
    assert isinstance(without_caps(short), NotPlaced) == wants


def test_what_caps_keep_out_of_the_database_says_for_how_many_people(duck: Backend) -> None:
    problem = narrow(5, 10**9, 5)
    everyone = replace(problem, allowed=np.ones_like(problem.allowed))
    found = solve_placed(capped(everyone, [0, 0, 1, 1, 2], [1, 1, 1, 1, 1]), duck.arrow)
    assert isinstance(found, NotPlaced)
    assert found.n_people == 2
    assert "for 2 people" in found.why
    one = solve_placed(capped(everyone, [0, 0, 1, 2, 3], [1, 1, 1, 1, 1]), duck.arrow)
    assert isinstance(one, NotPlaced)
    assert one.why.startswith("A cap cuts several decisions of one person,")


def test_limits_that_conflict_are_named(duck: Backend) -> None:
    problem = narrow(60, 10**9, 5)
    few = problem.limits[1]
    assert isinstance(few, Count)
    all_of_them = replace(few, most=None, least=61)
    assert isinstance(solve_placed(replace(problem, limits=(all_of_them,)), duck.arrow), Infeasible)
