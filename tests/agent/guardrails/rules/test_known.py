from agent.guardrails.rules.known import RULE
from tests.factories.plans import assert_blocks, edit_step, good_plan


def test_c3_an_unknown_template_is_blocked() -> None:
    assert_blocks(RULE, edit_step(good_plan(), "vip.cross_sell", template="viral_blast"), "unknown_template")
    assert_blocks(RULE, edit_step(good_plan(), "vip.cross_sell", template="thank_you"), "unknown_template")
    assert_blocks(RULE, edit_step(good_plan(), "vip.cross_sell", template_version=99), "unknown_template")


def test_c3_an_offer_of_another_cohort_or_none_is_blocked() -> None:
    assert_blocks(RULE, edit_step(good_plan(), "vip.cross_sell", offer_id="nowhere"), "unknown_offer")
    other = edit_step(good_plan(), "reactivated.cross_sell", offer_id="vip.points_multiple")
    assert_blocks(RULE, other, "unknown_offer")


def test_d1_a_plan_for_other_facts_or_guardrails_is_stale() -> None:
    for name, value in (("data_version", 2), ("guardrail_version", "0" * 64), ("shop_id", "sud")):
        assert_blocks(RULE, good_plan().model_copy(update={name: value}), "stale")
