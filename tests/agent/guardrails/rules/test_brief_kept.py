from agent.guardrails.rules.brief_kept import RULE
from memory.domain.brief import Brief
from tests.factories.planning import context
from tests.factories.plans import assert_blocks, compose_plan, good_plan, reasons_of


def test_s1_08_a_step_the_marketer_removed_stays_out() -> None:
    brief = Brief(removed_steps=("vip.cross_sell",))
    assert_blocks(RULE, good_plan().model_copy(update={"brief": brief}), "excluded_step")
    assert reasons_of(RULE, compose_plan(brief, context())) == ()


def test_an_excluded_kind_stays_out() -> None:
    brief = Brief(excluded_kinds=("referral_invitation",))
    assert_blocks(RULE, good_plan().model_copy(update={"brief": brief}), "excluded_step")


def test_a_moved_step_stays_moved() -> None:
    brief = Brief(moved_steps={"vip.cross_sell": 33})
    assert_blocks(RULE, good_plan().model_copy(update={"brief": brief}), "moved_back")
    assert reasons_of(RULE, compose_plan(brief, context())) == ()


def test_s2_16_the_brief_s_control_group_is_kept() -> None:
    assert_blocks(RULE, good_plan().model_copy(update={"brief": Brief(holdout_rate=0.1)}), "holdout_differs")
