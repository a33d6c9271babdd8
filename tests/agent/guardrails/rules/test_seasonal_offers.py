from agent.guardrails.rules.seasonal_offers import RULE
from memory.domain.offer import Discount
from tests.factories.plans import assert_blocks, edit_offer, edit_step, good_plan, reasons_of

STEP = "first_time.new_year_picks"
OFFER = "first_time.store_credit"


def test_s2_56_a_discount_on_a_seasonal_step_is_blocked() -> None:
    plan = edit_offer(good_plan(), OFFER, incentive=Discount(rate=0.05))
    assert_blocks(RULE, edit_step(plan, STEP, offer_id=OFFER), "seasonal_discount", alone=False)


def test_s2_56_a_discount_on_another_step_and_credit_on_a_seasonal_one_are_left_to_other_rules() -> None:
    assert reasons_of(RULE, edit_offer(good_plan(), OFFER, incentive=Discount(rate=0.05))) == ()
    assert reasons_of(RULE, edit_step(good_plan(), STEP, offer_id=OFFER)) == ()


def test_s2_56_the_playbooks_seasonal_steps_carry_no_offer() -> None:
    seasonal = [step for step in good_plan().steps() if step.kind == "seasonal_reactivation"]
    assert {step.template for step in seasonal} == {"new_year_picks", "spring_restock"}
    assert {step.offer_id for step in seasonal} == {None}
