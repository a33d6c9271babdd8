from agent.planning.forecasting import forecast, holdout
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
