"""Other budgets: the curve against plans made for each, and prices against finite differences."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.allocation_worlds import world
from memory.domain.errors import NotFound
from tools.allocation import AllocationPlan, Budget, Count, Problem, budget_curve, multipliers, solve
from tools.allocation import curve as curve_of

pytestmark = pytest.mark.slow


def plan_with(problem: Problem, most: int) -> AllocationPlan:
    plan = solve(replace(problem, limits=(Budget("budget", most), *problem.limits[1:])))
    assert isinstance(plan, AllocationPlan)
    return plan


@pytest.mark.parametrize("family", ["plain", "quotas"])
def test_every_point_bounds_the_plan_of_its_budget_closely(family: str) -> None:
    problem = world(1_500, 3, family)
    curve = budget_curve(problem, "budget", (0.8, 1.0, 1.3))
    for point in curve:
        plan = plan_with(problem, point.most)
        assert point.at_most is not None
        assert plan.value <= point.at_most <= plan.value * (1 + 2e-4)


def test_eleven_points_rise_ever_more_slowly() -> None:
    curve = budget_curve(world(1_500, 4), "budget")
    values = np.array([point.at_most for point in curve])
    assert len(curve) == 11
    assert (np.diff(values) >= 0).all()
    assert (np.diff(values, 2) <= 2e-8 * values[-1] + 2).all()
    assert (np.diff([point.price for point in curve]) <= 1e-3).all()


@pytest.mark.parametrize("spare", [multipliers.FIRST_WIDTH, -0.02])
def test_a_curve_behind_a_screen_is_the_same(monkeypatch: pytest.MonkeyPatch, spare: float) -> None:
    """With too little to spare the points lie outside of what is shared, and all decisions are looked at again."""
    monkeypatch.setattr(curve_of, "FIRST_WIDTH", spare)
    problem = world(3_000, 5)
    whole = budget_curve(problem, "budget", (0.7, 1.0))
    monkeypatch.setattr(multipliers, "SMALL", 1_000)
    monkeypatch.setattr(curve_of, "SMALL", 1_000)
    monkeypatch.setattr(multipliers, "SAMPLE", 800)
    screened = budget_curve(problem, "budget", (0.7, 1.0))
    for one, other in zip(whole, screened, strict=True):
        assert one.at_most is not None
        assert other.at_most == pytest.approx(one.at_most, rel=2e-5)


@pytest.mark.parametrize("seed", range(3))
def test_a_price_lies_between_what_less_and_what_more_would_change(seed: int) -> None:
    problem = world(4_000, seed)
    budget = problem.limits[0]
    assert isinstance(budget, Budget)
    step = budget.most // 50
    less, here, more = (plan_with(problem, budget.most + change) for change in (-step, 0, step))
    price = here.prices[0].per_unit
    slack = 3 * (here.bound - here.value) / step
    assert here.prices[0].limit == "budget"
    assert (more.value - here.value) / step - slack <= price <= (here.value - less.value) / step + slack


@pytest.mark.parametrize("seed", range(3))
def test_the_price_of_a_count_is_what_one_more_returns(seed: int) -> None:
    problem = world(2_000, seed, setting=(1.5, 0.3))
    here = solve(problem)
    first = problem.limits[1]
    assert isinstance(first, Count) and isinstance(here, AllocationPlan)
    more = solve(
        replace(problem, limits=(problem.limits[0], replace(first, most=(first.most or 0) + 20), *problem.limits[2:]))
    )
    assert isinstance(more, AllocationPlan)
    price = next(price for price in here.prices if price.limit == first.name)
    assert 0 < (more.value - here.value) / 20 <= price.per_unit + (here.bound - here.value)


def test_a_budget_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound, match="no budget gold"):
        budget_curve(world(50, 1), "gold")


def test_a_budget_too_small_for_what_must_be_reached_has_no_point() -> None:
    problem = world(300, 1)
    must = Count("reach", np.ones((1, 12), dtype=np.bool_), least=60)
    first = budget_curve(replace(problem, limits=(Budget("budget", 40_000), must)), "budget", (0.01, 1.0))
    assert [point.at_most is None for point in first] == [True, False]
