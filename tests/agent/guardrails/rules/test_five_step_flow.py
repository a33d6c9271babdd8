import pytest

from agent.guardrails.rules.five_step_flow import FLOW, RULE
from tests.factories.plans import assert_blocks, drop_steps, edit_journey, good_plan, reasons_of

STEP = {
    "order_confirmation": "vip.order_confirmation",
    "shipping_notice": "vip.shipping_notice",
    "usage_guide": "first_time.care_guide",
    "review_request": "first_time.review_invitation",
}


@pytest.mark.parametrize("name", sorted(STEP))
def test_s1_19_a_journey_that_lacks_a_step_is_blocked(name: str) -> None:
    assert_blocks(RULE, drop_steps(good_plan(), STEP[name]), "flow_step_missing")


def test_s1_19_a_second_incentive_is_asked_for() -> None:
    gone = drop_steps(good_plan(), "vip.points_multiple", "vip.gift_with_purchase")
    assert_blocks(RULE, gone, "flow_step_missing")


def test_s1_19_a_reason_waives_a_step_and_an_empty_one_does_not() -> None:
    gone = drop_steps(good_plan(), "vip.care_guide")
    assert reasons_of(RULE, edit_journey(gone, "vip", waived={"usage_guide": "the shop prints it"})) == ()
    assert reasons_of(RULE, edit_journey(gone, "vip", waived={"usage_guide": " "})) != ()


def test_s1_14_s1_15_the_shop_s_own_steps_count_as_present() -> None:
    owners = {step.kind: step.owner for step in good_plan().steps() if step.kind in FLOW["order_confirmation"]}
    assert owners == {"order_confirmation": "shop"}
