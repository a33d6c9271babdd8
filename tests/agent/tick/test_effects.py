"""Sending decides by the effects its plan carries: assumed ones, and measured ones in their place."""

from agent.tick.candidates import effects_table
from memory.domain.plan import Forecast, PlannedEffect
from tests.factories.plans import good_plan
from tools.priors.effects import load_effects

SOURCE = "measured:1 plans over assumption:playbook-priors-v1"


def test_a_plan_without_measured_effects_goes_by_the_assumptions() -> None:
    assert effects_table(good_plan()) == load_effects().table()


def test_measured_effects_stand_in_place_of_the_assumed_ones_with_their_source() -> None:
    plan = good_plan()
    cast = Forecast.model_validate(plan.forecast.model_dump() | {"source": SOURCE})
    effect = PlannedEffect(cohort="vip", kind="cross_sell", mean=0.031, sd=0.004)
    rows = effects_table(plan.model_copy(update={"effects": (effect,), "forecast": cast})).to_pylist()
    [moved] = [row for row in rows if row["effect_source"] == SOURCE]
    assert (moved["cohort"], moved["message_kind"], moved["effect_mean"]) == ("vip", "cross_sell", 0.031)
    assert len(rows) == load_effects().table().num_rows
