"""A plan from outside states its figures; what its steps, offers and the facts do not come to is refused."""

from typing import Any

import pytest

from agent.planning.stated import misstated
from memory.domain.brief import Brief
from memory.domain.money import Money
from memory.domain.plan import Plan
from tests.factories.planning import context, eur
from tests.factories.plans import compose_plan, edit_budget, edit_offer, edit_step, good_context, good_plan


@pytest.mark.parametrize(
    "brief",
    [
        Brief(),
        Brief(budget=eur(400), holdout_rate=0.2, priority=("vip",)),
        Brief(excluded_channels=("sms",), excluded=(("US", "push"),), excluded_kinds=("care_guide",)),
    ],
)
def test_a_composed_plan_states_its_figures_as_they_are(brief: Brief) -> None:
    assert misstated(compose_plan(brief, context()), context()) == ()


def _credit(plan: Plan, **changes: Any) -> Plan:
    return edit_offer(plan, "first_time.store_credit", **changes)


@pytest.mark.parametrize(
    ("spoiled", "path"),
    [
        (_credit(good_plan(), cost_per_use=Money(amount_minor=1, currency="EUR")), "cost_per_use"),
        (_credit(good_plan(), redemption_rate=0.001), "redemption_rate"),
        (edit_step(good_plan(), "first_time.store_credit", expected_reach=1), "expected_reach"),
        (edit_step(good_plan(), "first_time.store_credit", expected_cost=eur(0)), "steps.first_time.store_credit"),
        (edit_budget(good_plan(), worst_case_cost=eur(1)), "budget.worst_case_cost"),
        (edit_budget(good_plan(), expected_cost=eur(1)), "budget.expected_cost"),
        (good_plan().model_copy(update={"forecast": good_plan().forecast.model_copy(update={"low": 9e6})}), "forecast"),
    ],
)
def test_a_figure_that_is_not_so_is_named(spoiled: Plan, path: str) -> None:
    found = misstated(spoiled, good_context())
    assert any(path in one.path for one in found)
    assert all(one.code == "misstated" and one.limit != one.actual for one in found)
