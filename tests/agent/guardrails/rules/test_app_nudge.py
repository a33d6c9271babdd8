from agent.guardrails.rules.app_nudge import RULE
from memory.domain.brief import Brief
from tests.factories.planning import context
from tests.factories.plans import assert_blocks, compose_plan, edit_journey, good_plan, reasons_of


def test_s2_52_the_app_is_nudged_only_where_it_matters() -> None:
    wanted = compose_plan(Brief(app_priority=True), context())
    assert reasons_of(RULE, wanted) == ()
    assert "app_nudge" in {step.kind for step in wanted.steps()}
    assert "app_nudge" not in {step.kind for step in good_plan().steps()}
    unwanted = wanted.model_copy(update={"brief": Brief()})
    assert_blocks(RULE, unwanted, "app_not_important")


def test_s2_52_two_nudges_in_thirty_days_are_blocked() -> None:
    plan = compose_plan(Brief(app_priority=True), context())
    steps = next(journey.steps for journey in plan.journeys if journey.cohort == "vip")
    nudge = next(step for step in steps if step.kind == "app_nudge")
    again = nudge.model_copy(update={"id": "vip.app_nudge.2", "day": nudge.day + 29})
    assert_blocks(RULE, edit_journey(plan, "vip", steps=(*steps, again)), "nudge_too_often", alone=False)
