from agent.guardrails.rules.consent import RULE
from tests.factories.plans import assert_blocks, assert_row_blocked, assert_row_passes, edit_step, good_plan


def test_s2_62_a_step_that_counts_on_people_without_consent_is_blocked() -> None:
    """640 of 800 VIPs may be mailed."""
    assert_blocks(RULE, edit_step(good_plan(), "vip.thank_you", expected_reach=641), "reach_without_consent")


def test_s2_62_rows_without_consent_are_blocked() -> None:
    assert_row_blocked(RULE, has_consent=False)
    assert_row_blocked(RULE, has_consent=None)
    assert_row_blocked(RULE, message_class="service", message_kind="thank_you", has_consent=False)


def test_receipts_and_pages_need_no_marketing_consent() -> None:
    assert_row_passes(message_class="transactional", message_kind="order_confirmation", has_consent=False)
    assert_row_passes(channel="onpage", has_consent=False)
