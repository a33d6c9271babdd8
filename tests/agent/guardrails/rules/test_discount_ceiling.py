import pytest

from agent.guardrails.rules.discount_ceiling import RULE
from tests.factories.planning import context, guardrails
from tests.factories.plans import (
    assert_blocks,
    assert_row_blocked,
    assert_row_passes,
    edit_offer,
    good_plan,
    reasons_of,
)


def test_s2_41_a_discount_above_the_vip_ceiling_is_rejected() -> None:
    plan = edit_offer(good_plan(), "vip.points_multiple", discount_rate=0.0501)
    assert_blocks(RULE, plan, "above_ceiling", alone=False)


def test_s2_41_the_multiplier_the_playbook_offers_vips_passes() -> None:
    offer = good_plan().offer("vip.points_multiple")
    assert offer is not None
    assert offer.incentive.kind == "points_multiple"
    assert offer.discount_rate == 0.0
    assert reasons_of(RULE, good_plan()) == ()


def test_a_cohort_without_a_ceiling_gets_no_discount() -> None:
    rails = guardrails(discount_ceiling={"vip": 0.05})
    plan = good_plan().model_copy(update={"guardrail_version": rails.version})
    assert_blocks(RULE, plan, "above_ceiling", ctx=context(guardrails=rails))


@pytest.mark.parametrize(("cohort", "ceiling"), [("vip", 0.05), ("first_time", 0.10), ("discount_sensitive", 0.15)])
def test_s2_41_rows_above_their_cohort_s_ceiling_are_blocked(cohort: str, ceiling: float) -> None:
    assert_row_blocked(RULE, cohort=cohort, discount_rate=ceiling + 0.0001)
    assert_row_passes(cohort=cohort, discount_rate=ceiling)


def test_rows_of_an_unknown_cohort_get_no_discount() -> None:
    assert_row_blocked(RULE, cohort="everyone", discount_rate=0.01)
    assert_row_blocked(RULE, discount_rate=None)
