from agent.guardrails.rules.suppression import RULE
from tests.factories.plans import assert_row_blocked, assert_row_passes, good_plan, reasons_of


def test_s2_45_suppressed_addresses_get_no_marketing() -> None:
    assert_row_blocked(RULE, is_suppressed=True)
    assert_row_blocked(RULE, is_suppressed=None)
    assert_row_blocked(RULE, message_class="service", message_kind="thank_you", is_suppressed=True)


def test_d7_receipts_still_reach_who_unsubscribed() -> None:
    assert_row_passes(message_class="transactional", message_kind="order_confirmation", is_suppressed=True)


def test_a_plan_knows_no_suppression() -> None:
    assert reasons_of(RULE, good_plan()) == ()
