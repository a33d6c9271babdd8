"""S2-70: one line each for speed, real-time data, intent moments, value beyond price, coming back."""

from typing import get_args

from agent.planning.scorecard import ScoreId, scorecard
from memory.domain.plan import Plan
from tests.factories.plans import good_plan


def line(plan: Plan, name: str) -> tuple[bool, dict[str, int | float | str]]:
    found = next(one for one in scorecard(plan) if one.id == name)
    return found.is_met, found.figures


def test_s2_70_the_scorecard_has_one_line_for_each_of_the_five_in_both_languages() -> None:
    lines = scorecard(good_plan())
    assert tuple(one.id for one in lines) == get_args(ScoreId)
    for one in lines:
        assert set(one.words) == {"en", "zh"}
        assert all(text and "{" not in text for text in one.words.values())


def test_s2_70_figures_are_counted_from_the_plan() -> None:
    plan = good_plan()
    _, speed = line(plan, "speed")
    assert speed["n_cohorts"] == len(plan.journeys)
    assert speed["latest"] == max(min(step.day for step in journey.steps) for journey in plan.journeys)
    _, data = line(plan, "real_time_data")
    assert (data["version"], data["n_steps"]) == (plan.data_version, len(plan.steps()))
    late = tuple(
        journey.model_copy(update={"steps": tuple(step.model_copy(update={"day": 40}) for step in journey.steps)})
        for journey in plan.journeys
    )
    assert line(plan.model_copy(update={"journeys": late}), "speed")[0] is False


def test_s2_70_a_plan_of_nothing_but_discounts_meets_neither_value_nor_coming_back() -> None:
    plan = good_plan()
    offer = plan.offers[0].model_copy(update={"discount_rate": 0.3})
    offer = offer.model_copy(update={"limits": offer.limits.model_copy(update={"valid_until": plan.ends_on})})
    journeys = tuple(
        journey.model_copy(
            update={"steps": tuple(step.model_copy(update={"offer_id": offer.id}) for step in journey.steps)}
        )
        for journey in plan.journeys
    )
    cheap = plan.model_copy(update={"offers": (offer,), "journeys": journeys})
    assert line(cheap, "value_beyond_price") == (False, {"n_value": 0, "n_steps": len(plan.steps()), "rate": 0.0})
    assert line(cheap, "after_discount") == (False, {"last": f"{plan.ends_on}", "n_after": 0})
    none = plan.model_copy(update={"offers": ()})
    assert line(none, "after_discount")[0] is True
    assert line(none, "value_beyond_price")[1]["rate"] == 1.0
