"""The plan against every possible choice, against a second checker in SQL, and against its own certificate."""

import numpy as np
import pytest

from benchmarks.allocation_audit import violations
from benchmarks.allocation_worlds import FAMILIES, SETTINGS, world
from memory.domain.errors import InvalidInput
from tools.allocation import AllocationPlan, Budget, Count, Infeasible, Problem, finish, multipliers, solve
from tools.allocation.limits import Floats
from tools.allocation.near import Near
from tools.allocation.solve import BrokenPlan

from .problems import best_of_all, small


def check_best(problem: Problem) -> None:
    plan, best = solve(problem, goal=0.0), best_of_all(problem)
    if best is None:
        assert isinstance(plan, Infeasible)
    else:
        assert isinstance(plan, AllocationPlan)
        assert not violations(problem, plan.option)
        assert plan.value == best
        assert plan.bound == best


@pytest.mark.parametrize("alike", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_of_all_choices_the_plan_is_the_best_and_proven(seed: int, alike: bool) -> None:
    check_best(small(seed, alike=alike))


@pytest.mark.parametrize("seed", range(100, 120))
def test_a_plan_found_behind_a_screen_is_the_best_too(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipliers, "SMALL", 0)
    monkeypatch.setattr(multipliers, "SAMPLE", 3)
    check_best(small(seed))


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("family", FAMILIES[:3])
def test_every_family_is_within_a_ten_thousandth_of_the_bound(family: str, setting: tuple[float, float]) -> None:
    problem = world(10_000, 1, family, setting)
    plan = solve(problem, goal=1e-5)
    assert isinstance(plan, AllocationPlan)
    assert 0 <= plan.gap <= 1e-4
    assert not violations(problem, plan.option)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES[:3])
def test_a_hundred_thousand_decisions_are_within_a_hundred_thousandth(family: str) -> None:
    problem = world(100_000, 2, family)
    plan = solve(problem)
    assert isinstance(plan, AllocationPlan)
    assert 0 <= plan.gap <= 1e-5
    assert not violations(problem, plan.option)


def test_without_money_only_what_costs_nothing_is_chosen() -> None:
    value = np.array([[9, 9, 9], [5, -5, 5]])
    cost = np.array([[1, 1, 1], [0, 0, 0]])
    plan = solve(Problem(value, np.ones((2, 3), dtype=np.bool_), (cost,), (Budget("money", 0),)))
    assert isinstance(plan, AllocationPlan)
    assert plan.option.tolist() == [1, -1, 1]
    assert plan.gap == 0


def test_where_nothing_is_worth_it_nobody_gets_anything() -> None:
    plan = solve(world(500, 1, "negative"))
    assert isinstance(plan, AllocationPlan)
    assert (plan.option == -1).all()
    assert plan.bound == plan.value == 0


def test_a_lower_bound_is_met_even_at_a_loss() -> None:
    value = np.array([[-5, -3, -9, -4]])
    must = Count("reach", np.ones((1, 1), dtype=np.bool_), least=2)
    plan = solve(Problem(value, np.ones((1, 4), dtype=np.bool_), limits=(must,)))
    assert isinstance(plan, AllocationPlan)
    assert plan.option.tolist() == [-1, 0, -1, 0]


def test_ties_go_to_the_earlier_decision_and_option() -> None:
    value = np.full((2, 6), 7)
    few = Count("few", np.ones((1, 2), dtype=np.bool_), most=2)
    plan = solve(Problem(value, np.ones((2, 6), dtype=np.bool_), limits=(few,)))
    assert isinstance(plan, AllocationPlan)
    assert plan.option.tolist() == [0, 0, -1, -1, -1, -1]


def test_the_same_problem_gives_the_same_plan_whatever_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    first = solve(world(2_000, 3))
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    again = solve(world(2_000, 3))
    assert isinstance(first, AllocationPlan) and isinstance(again, AllocationPlan)
    assert np.array_equal(first.option, again.option)
    assert first.multipliers.tolist() == again.multipliers.tolist()


def test_no_decisions_give_an_empty_plan_or_a_conflict() -> None:
    empty = np.zeros((2, 0), dtype=np.int64)
    must = Count("reach", np.ones((1, 2), dtype=np.bool_), least=1)
    plan = solve(Problem(empty, empty.astype(np.bool_)))
    assert isinstance(plan, AllocationPlan)
    assert len(plan.option) == 0
    assert solve(Problem(empty, empty.astype(np.bool_), limits=(must,))) == Infeasible(("reach",))


def test_a_repair_that_breaks_a_limit_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a repair that takes the best option of everybody and says all is well."""

    def greedy(near: Near, _amount: object) -> tuple[Floats, bool]:
        amount = np.zeros_like(near.value)
        amount[np.arange(len(amount)), np.where(near.usable, near.value, -1.0).argmax(axis=1)] = 1
        return amount, True

    monkeypatch.setattr(finish, "repaired", greedy)
    with pytest.raises(BrokenPlan, match="budget"):
        solve(world(400, 1))


def test_arrays_that_do_not_fit_are_refused_with_the_remedy() -> None:
    value = np.zeros((2, 3), dtype=np.int64)
    allowed = np.ones((2, 3), dtype=np.bool_)
    for problem in (
        Problem(value, allowed[:1]),
        Problem(value, allowed, (value[:1],)),
        Problem(value, allowed, (value - 1,), (Budget("money", 5),)),
        Problem(value, allowed, (value,), (Budget("money", 5, cost=1),)),
        Problem(value, allowed, (value,), (Budget("money", 5), Budget("money", 6))),
        Problem(value, allowed, limits=(Count("few", np.ones((2, 2), dtype=np.bool_), most=1),)),
        Problem(value, allowed, group=np.zeros(2, dtype=np.int64)),
        Problem(value + 2**41, allowed),
    ):
        with pytest.raises(InvalidInput, match="the allocation"):
            solve(problem)
