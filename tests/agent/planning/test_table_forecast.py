"""Forecasts of messages that go by learned tables: their held-out value, scaled to the audience, labelled."""

from math import hypot

import pytest

from agent.planning.context import PlanContext
from agent.planning.forecasting import forecast
from agent.planning.outlook import outlook
from agent.planning.playbook import PlaybookPlanner
from agent.planning.table_forecast import ANOTHER_SEASON, Z90, other_source
from agent.planning.what_if import AskedLimits, what_if
from agent.tick.candidates import effects_table
from memory.domain.brief import Brief
from memory.domain.cohort import CohortId
from memory.domain.learned import KindEffects
from memory.domain.outcome import NotEstimable
from memory.domain.plan import Plan, Step
from tests.factories.learned import kind_effects, known, shop_effects
from tests.factories.lessons import a_lesson
from tests.factories.plans import good_context, good_plan

Z95 = 1.959964
Dated = tuple[CohortId, Step]


def table(**changes: object) -> KindEffects:
    """A table of cross-sells in use: 0.04 orders per decision, give or take 0.0098 (one error of 0.005)."""
    return kind_effects(**{"kind": "cross_sell", "added_orders": known(0.04, 0.005 * Z95)} | changes)


def step_of(kind: str) -> Step:
    return next(step for step in good_plan().steps() if step.id == f"vip.{kind}")


def knowing(*kinds: KindEffects, **changes: object) -> PlanContext:
    return good_context().model_copy(update={"claims": shop_effects(*kinds).claims(), **changes})


def test_one_step_counts_decisions_times_the_held_out_value() -> None:
    step = step_of("cross_sell")
    cast = forecast([("vip", step)], knowing(table(came_rate=0.5)))
    n = step.expected_reach * 0.5
    doubt = hypot(n * 0.005, ANOTHER_SEASON * n * 0.04)
    assert cast.incremental_orders == round(n * 0.04, 2)
    assert cast.high - cast.incremental_orders == pytest.approx(Z90 * doubt, abs=0.02)
    assert cast.incremental_orders - cast.low == pytest.approx(Z90 * doubt, abs=0.02)
    assert cast.incremental_margin_minor == pytest.approx(n * 0.04 * 9000 * 0.55, abs=1)
    assert cast.source == "learned:v3, 1 of 1 kinds over assumption:playbook-priors-v1"


def test_the_predictions_that_choose_are_never_what_is_claimed() -> None:
    step = step_of("cross_sell")
    modest, proud = (knowing(table(level=level, slope=level)) for level in (0.05, 50.0))
    assert forecast([("vip", step)], modest) == forecast([("vip", step)], proud)


def test_other_messages_count_as_before_and_doubts_are_independent() -> None:
    both: list[Dated] = [("vip", step_of("cross_sell")), ("vip", step_of("thank_you"))]
    by_table, rest = forecast(both[:1], knowing(table())), forecast(both[1:], good_context())
    cast = forecast(both, knowing(table()))
    assert cast.incremental_orders == pytest.approx(by_table.incremental_orders + rest.incremental_orders, abs=0.02)
    widths = (one.high - one.incremental_orders for one in (by_table, rest))
    assert cast.high - cast.incremental_orders == pytest.approx(hypot(*widths), abs=0.03)
    assert cast.incremental_margin_minor == by_table.incremental_margin_minor + rest.incremental_margin_minor
    assert cast.source == "learned:v3, 1 of 2 kinds over assumption:playbook-priors-v1"


def test_lessons_speak_for_the_messages_without_a_table() -> None:
    both: list[Dated] = [("vip", step_of("cross_sell")), ("vip", step_of("thank_you"))]
    cast = forecast(both, knowing(table(), lessons=(a_lesson(0.05, 0.001),)))
    assert cast.source == "learned:v3, 1 of 2 kinds over measured:1 plans over assumption:playbook-priors-v1"


@pytest.mark.parametrize(
    "kind",
    [
        table(is_used=False),
        table(added_orders=None),
        table(added_orders=NotEstimable(code="low_ess", message="Too few.")),
        table(kind="january_mission"),
    ],
)
def test_a_table_that_is_not_in_use_of_another_kind_or_without_a_claim_changes_nothing(kind: KindEffects) -> None:
    steps: list[Dated] = [("vip", step_of("cross_sell"))]
    assert forecast(steps, knowing(kind)) == forecast(steps, good_context())


def test_tables_of_another_window_are_not_claimed_of_this_one() -> None:
    claims = shop_effects(table(), within_days=30).claims()
    steps: list[Dated] = [("vip", step_of("cross_sell"))]
    assert forecast(steps, good_context().model_copy(update={"claims": claims})) == forecast(steps, good_context())


def test_a_whole_plan_says_how_much_of_it_is_learned_and_keeps_its_other_label() -> None:
    plan = PlaybookPlanner().plan(Brief(), knowing(table(), lessons=(a_lesson(0.05, 0.001),)))
    assert isinstance(plan, Plan)
    kinds = {step.kind for step in plan.steps() if step.owner == "us"}
    rest = "measured:1 plans over assumption:playbook-priors-v1"
    assert plan.forecast.source == f"learned:v3, 1 of {len(kinds)} kinds over {rest}"
    assert outlook(plan).words["en"].startswith("Partly measured by this shop's own controlled sends")
    assert other_source(plan) == rest
    moved = {row["effect_source"] for row in effects_table(plan).to_pylist()}
    assert moved <= {rest, "assumption:playbook-priors-v1"}, "what a plan carries was not learned from single people"
    assert what_if(plan, good_context(), AskedLimits()).source == rest
    assert any("brought on held-out people" in line for line in plan.assumptions)


def test_the_range_in_money_goes_with_that_of_the_orders() -> None:
    plan = PlaybookPlanner().plan(Brief(), knowing(table()))
    assert isinstance(plan, Plan)
    margin, orders = outlook(plan).added_margin, outlook(plan).added_orders
    assert margin is not None
    each = margin.expected.amount_minor / orders.expected
    assert margin.low.amount_minor == pytest.approx(each * orders.low, abs=1)
    assert margin.low.amount_minor < margin.expected.amount_minor < margin.high.amount_minor


def test_where_nothing_was_learned_the_content_of_the_context_is_as_before() -> None:
    """Recorded sessions of earlier versions keep their hashes."""
    assert "claims" not in good_context().model_dump(mode="json")
    learned = knowing(table())
    assert type(learned).model_validate(learned.model_dump(mode="json")) == learned
