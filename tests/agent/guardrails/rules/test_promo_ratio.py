from agent.guardrails.rules.promo_ratio import RULE
from tests.factories.plans import assert_blocks, assert_row_blocked, assert_row_passes, drop_steps, good_plan


def test_s1_41_a_journey_with_too_little_care_is_blocked() -> None:
    plan = drop_steps(good_plan(), "vip.thank_you", "vip.styling_inspiration", "vip.loyalty_status")
    assert_blocks(RULE, plan, "too_much_promotion")


def test_s1_41_rows_that_tip_a_person_s_balance_are_blocked() -> None:
    """Seven promotional of ten are allowed, eight of ten are not."""
    assert_row_passes(n_promotional=6, n_value=3)
    assert_row_blocked(RULE, n_promotional=7, n_value=2)
    assert_row_blocked(RULE, n_promotional=None)


def test_s1_41_care_is_never_blocked_and_the_first_messages_are_not_counted() -> None:
    assert_row_passes(message_class="service", message_kind="thank_you", n_promotional=9, n_value=0)
    assert_row_passes(n_promotional=0, n_value=0)
