from agent.guardrails.rules.distinct_journeys import RULE
from tests.factories.plans import assert_blocks, edit_journey, good_plan


def test_s2_60_two_cohorts_with_the_same_steps_are_blocked() -> None:
    plan = good_plan()
    steps = next(journey.steps for journey in plan.journeys if journey.cohort == "reactivated")
    copied = tuple(
        step.model_copy(update={"id": step.id.replace("reactivated", "vip"), "day": step.day, "offer_id": None})
        for step in steps
    )
    bare = tuple(step.model_copy(update={"offer_id": None}) for step in steps)
    same = edit_journey(edit_journey(plan, "vip", steps=copied), "reactivated", steps=bare)
    assert_blocks(RULE, same, "same_journey", alone=False)


def test_s2_60_another_day_alone_makes_no_other_journey() -> None:
    plan = good_plan()
    steps = next(journey.steps for journey in plan.journeys if journey.cohort == "vip")
    later = tuple(step.model_copy(update={"day": min(step.day + 1, 90)}) for step in steps)
    assert_blocks(RULE, edit_journey(plan, "reactivated", steps=later), "same_journey", alone=False)


def test_s2_60_a_missing_cohort_is_blocked() -> None:
    plan = good_plan().model_copy(update={"journeys": good_plan().journeys[1:]})
    assert_blocks(RULE, plan, "journeys_missing")
