"""Values from a short list: thousands of decisions with the same lead."""

import numpy as np
import pytest

from benchmarks.allocation_audit import violations
from tools.allocation import AllocationPlan, Budget, Count, Problem, solve
from tools.allocation.prepare import prepare
from tools.allocation.ties import has_ties, told_apart


def listed(n: int = 30_000) -> Problem:
    """Give values of a few steps, costs of all kinds."""
    rng = np.random.default_rng(1)
    value, cost = rng.integers(-3, 6, (4, n)) * 1_000, rng.integers(1, 900, (4, n))
    limits = (Budget("money", 20 * n), Count("few", np.array([[True, True, False, False]]), most=n // 10))
    return Problem(value, rng.random((4, n)) < 0.8, (cost,), limits)


@pytest.mark.slow
def test_a_plan_among_ties_is_near_its_bound() -> None:
    problem = listed()
    plan = solve(problem)
    assert isinstance(plan, AllocationPlan)
    assert plan.gap <= 1e-5
    assert not violations(problem, plan.option)


def test_tiny_numbers_never_change_an_order_of_values() -> None:
    columns = prepare(listed(3_000))
    assert has_ties(columns)
    apart = told_apart(columns, 2_000.0, 2.0**-35)
    moved = apart.value - columns.value
    assert moved.min() >= 0
    assert moved.max() < 0.25
    assert len(np.unique(apart.value[0])) > 100 * len(np.unique(columns.value[0]))


def test_values_of_their_own_are_no_ties() -> None:
    value = np.arange(12_000).reshape(4, 3_000)
    assert not has_ties(prepare(Problem(value, np.ones(value.shape, dtype=np.bool_))))
