from agent.guardrails.rules.phase_one import RULE
from tests.factories.plans import assert_blocks, edit_step, good_plan, move_step, reasons_of


def test_s2_39_no_discount_is_pushed_to_first_time_buyers_in_phase_one() -> None:
    assert_blocks(RULE, move_step(good_plan(), "first_time.store_credit", 13), "discount_push_in_phase_one",
                  alone=False)  # fmt: skip
    assert reasons_of(RULE, move_step(good_plan(), "first_time.store_credit", 14)) == ()


def test_s2_39_the_on_page_code_and_the_review_points_are_allowed() -> None:
    early = move_step(good_plan(), "first_time.store_credit", 1)
    assert reasons_of(RULE, edit_step(early, "first_time.store_credit", channels=("onpage",))) == ()
    review = next(step for step in good_plan().steps() if step.id == "first_time.review_invitation")
    assert review.phase == "stabilise"
    assert review.offer_id == "first_time.review_points"


def test_s2_39_the_rule_is_about_first_time_buyers() -> None:
    assert reasons_of(RULE, move_step(good_plan(), "discount_sensitive.store_credit", 13)) == ()
