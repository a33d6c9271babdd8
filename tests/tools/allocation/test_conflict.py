"""What cannot be met together is named, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.allocation_worlds import dead_end
from tools.allocation import Budget, Count, Infeasible, PerPerson, Problem, solve
from tools.allocation.conflict import PER_PERSON

from .problems import best_of_all, small

ALL = np.ones((1, 2), dtype=np.bool_)


def bare(n: int = 6, **more: object) -> Problem:
    value = np.arange(2 * n, dtype=np.int64).reshape(2, n)
    return replace(Problem(value, np.ones((2, n), dtype=np.bool_), (value + 1,)), **more)  # type: ignore[arg-type]


def test_a_lower_and_an_upper_bound_that_exclude_each_other_are_named() -> None:
    idle = Count("no bound at all", ALL)
    limits = (Budget("money", 10**6), Count("few", ALL, most=2), idle, Count("many", ALL, least=3))
    assert solve(bare(limits=limits)) == Infeasible(("few", "many"))


def test_a_budget_too_small_for_what_must_be_reached_is_named_with_it() -> None:
    limits = (Count("few", ALL, most=5), Count("many", ALL, least=4), Budget("money", 3))
    assert solve(bare(limits=limits)) == Infeasible(("many", "money"))


def test_masks_alone_can_make_one_limit_impossible() -> None:
    limits = (Budget("money", 10**6), Count("many", ALL, least=1))
    assert solve(bare(limits=limits, allowed=np.zeros((2, 6), dtype=np.bool_))) == Infeasible(("many",))


def test_caps_per_person_are_named_where_they_are_part_of_it() -> None:
    person = PerPerson(np.array([0, 0, 0, 1, 1, 1]), np.ones(6, dtype=np.int64))
    limits = (Budget("money", 10**6), Count("many", ALL, least=3))
    assert solve(bare(limits=limits, per_person=person)) == Infeasible(("many", PER_PERSON))


@pytest.mark.parametrize("seed", [0, 1])
def test_the_smaller_of_several_conflicts_is_told(seed: int) -> None:
    problem, names = dead_end(2_000, seed)
    assert solve(problem) == Infeasible(names)


@pytest.mark.parametrize("seed", range(200, 224))
def test_leaving_out_any_one_of_a_conflict_makes_the_rest_possible(seed: int) -> None:
    problem = small(seed)
    found = solve(problem)
    if not isinstance(found, Infeasible):
        assert best_of_all(problem) is not None
        return
    assert best_of_all(problem) is None
    if not found.is_proven:
        return
    caps = problem.per_person if PER_PERSON in found.limits else None
    named = [limit for limit in problem.limits if limit.name in found.limits]
    assert best_of_all(replace(problem, limits=tuple(named), per_person=caps)) is None
    for one in named:
        rest = tuple(limit for limit in named if limit is not one)
        assert not isinstance(solve(replace(problem, limits=rest, per_person=caps)), Infeasible) or not found.is_proven
