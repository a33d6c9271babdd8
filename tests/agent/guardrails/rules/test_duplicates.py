from agent.guardrails.rules.duplicates import RULE
from memory.domain.plan import Step
from tests.factories.plans import assert_blocks, edit_journey, good_plan


def vip_steps() -> tuple[Step, ...]:
    return next(journey.steps for journey in good_plan().journeys if journey.cohort == "vip")


def test_a_step_id_twice_is_blocked() -> None:
    steps = vip_steps()
    assert_blocks(RULE, edit_journey(good_plan(), "vip", steps=(steps[0], *steps)), "id_twice")


def test_the_same_message_twice_on_a_day_is_blocked() -> None:
    steps = vip_steps()
    again = steps[0].model_copy(update={"id": "vip.again"})
    assert_blocks(RULE, edit_journey(good_plan(), "vip", steps=(again, *steps)), "message_twice")


def test_an_offer_id_twice_is_blocked() -> None:
    plan = good_plan().model_copy(update={"offers": (*good_plan().offers, good_plan().offers[0])})
    assert_blocks(RULE, plan, "id_twice")
