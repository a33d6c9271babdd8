from agent.guardrails.rules.holdout import RULE
from memory.domain.plan import Plan
from tests.factories.plans import assert_blocks, assert_row_blocked, good_plan


def holding(rate: float) -> Plan:
    plan = good_plan()
    return plan.model_copy(update={"holdout": plan.holdout.model_copy(update={"rate": rate})})


def test_s2_16_a_plan_without_a_control_group_is_blocked() -> None:
    assert_blocks(RULE, holding(0.0), "holdout_too_small")
    assert_blocks(RULE, holding(0.0499), "holdout_too_small")


def test_s2_16_a_control_group_of_more_than_half_is_blocked() -> None:
    assert_blocks(RULE, holding(0.51), "holdout_too_large")


def test_i11_only_the_treated_get_anything() -> None:
    for arm in ("control", "", None):
        assert_row_blocked(RULE, arm=arm)
