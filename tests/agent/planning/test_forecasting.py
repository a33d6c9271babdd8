import pytest

from agent.planning.forecasting import forecast, holdout, planned_effects
from agent.planning.playbook import PlaybookPlanner
from agent.planning.table_forecast import ANOTHER_SEASON, Z90
from agent.planning.worth import is_worth_sending, margin_per_order
from memory.domain.brief import Brief
from memory.domain.plan import Plan
from tests.factories.lessons import a_lesson
from tests.factories.planning import context
from tests.factories.plans import edit_step, good_context, good_plan
from tools.priors.effects import load_effects


def test_the_forecast_is_labelled_and_has_a_range_around_it() -> None:
    cast = good_plan().forecast
    assert cast.source == "assumption:playbook-priors-v1"
    assert cast.low < cast.incremental_orders < cast.high


def test_one_step_counts_reach_times_effect() -> None:
    step = next(step for step in good_plan().steps() if step.id == "vip.cross_sell")
    effect = load_effects().get("vip", "cross_sell")
    cast = forecast([("vip", step)], good_context())
    assert cast.incremental_orders == round(step.expected_reach * effect.mean, 2)
    assert cast.high == round(step.expected_reach * (effect.mean + 1.645 * effect.sd), 2)
    assert cast.incremental_margin_minor == round(step.expected_reach * effect.mean * 9000 * 0.55)


def test_a_step_the_shop_sends_adds_nothing() -> None:
    plan = edit_step(good_plan(), "vip.cross_sell", owner="shop")
    step = next(step for step in plan.steps() if step.id == "vip.cross_sell")
    assert forecast([("vip", step)], good_context()).incremental_orders == 0


def test_s2_16_a_larger_control_group_finds_a_smaller_lift() -> None:
    small, large = holdout(0.05, context()), holdout(0.3, context())
    assert small.detectable_lift_pp is not None and large.detectable_lift_pp is not None
    assert large.detectable_lift_pp < small.detectable_lift_pp


def test_s2_16_the_detectable_lift_follows_the_formula() -> None:
    """2.8 * sqrt(.15 * .85 * (1/300 + 1/5700)) = 5.92 points."""
    assert holdout(0.05, context()).detectable_lift_pp == 5.92
    assert holdout(0.0, context()).detectable_lift_pp is None


def test_once_something_was_measured_messages_that_will_leave_count_at_their_measured_effect() -> None:
    step = next(step for step in good_plan().steps() if step.id == "vip.cross_sell")
    lesson = a_lesson(0.05, 0.001, exposures=tuple(
        one.model_copy(update={"sent_rate": 0.1}) for one in a_lesson().exposures
    ))  # fmt: skip
    known = good_context().model_copy(update={"lessons": (lesson,)})
    assert known.measured is not None
    n, cast = step.expected_reach * 0.1 / 0.25, forecast([("vip", step)], known)
    effect = known.measured.claimed({("vip", "cross_sell"): 1.0})
    assert cast.incremental_orders == round(n * effect.mean, 2)
    assert cast.source == "measured:1 plans over assumption:playbook-priors-v1"
    assert cast.incremental_margin_minor == round(n * effect.mean * 9000 * 0.55)
    doubt = n * (effect.sd**2 + (ANOTHER_SEASON * effect.mean) ** 2) ** 0.5
    assert cast.high - cast.incremental_orders == pytest.approx(Z90 * doubt, abs=0.02)


def test_what_chose_is_not_what_is_claimed() -> None:
    """After a noisy lesson of nothing the message is still worth its cost, and nothing is claimed of it."""
    step = next(step for step in good_plan().steps() if step.id == "vip.cross_sell")
    lesson = a_lesson(0.0, 0.04)
    known = good_context().model_copy(update={"lessons": (lesson,)})
    assert known.measured is not None
    n, cast = step.expected_reach, forecast([("vip", step)], known)
    assert is_worth_sending(step, known.measured.get("vip", "cross_sell").mean, 9000 * 0.55)
    assert cast.low < 0 < cast.high and cast.high - cast.low > 0
    assert abs(cast.incremental_orders) < 0.1 * n * load_effects().get("vip", "cross_sell").mean


def test_an_order_is_worth_the_same_where_a_plan_claims_a_loss() -> None:
    def worth_of(**cast: float) -> float:
        plan = good_plan()
        return margin_per_order(plan.model_copy(update={"forecast": plan.forecast.model_copy(update=cast)}))

    assert worth_of(incremental_orders=20.0, incremental_margin_minor=40_000) == 2_000
    assert worth_of(incremental_orders=-20.0, incremental_margin_minor=-40_000) == 2_000
    assert worth_of(incremental_orders=0.0, incremental_margin_minor=0) == 0
    assert worth_of(incremental_orders=20.0, incremental_margin_minor=0) == 0


def test_a_plan_carries_the_measured_effects_of_its_own_messages() -> None:
    known = good_context().model_copy(update={"lessons": (a_lesson(0.05, 0.001),)})
    plan = PlaybookPlanner().plan(Brief(), known)
    assert isinstance(plan, Plan)
    assert {(one.cohort, one.kind) for one in plan.effects} == {
        (journey.cohort, step.kind) for journey in plan.journeys for step in journey.steps if step.owner == "us"
    }
    assert any("drawn towards what was measured" in line for line in plan.assumptions)
    assert planned_effects([("vip", plan.steps()[0])], good_context()) == ()


def test_where_nothing_was_measured_the_content_of_plan_and_context_is_as_before() -> None:
    """Plans and recorded sessions of earlier versions keep their hashes."""
    assert "effects" not in good_plan().model_dump(mode="json")
    assert "lessons" not in good_context().model_dump(mode="json")
    learned = good_context().model_copy(update={"lessons": (a_lesson(),)})
    assert type(learned).model_validate(learned.model_dump(mode="json")) == learned
