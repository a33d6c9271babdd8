from datetime import timedelta
from typing import Any

from agent.guardrails.rules.recent_buyer import RULE
from tests.factories.plans import (
    SEND_AT,
    assert_blocks,
    assert_row_blocked,
    assert_row_passes,
    edit_step,
    good_plan,
    move_step,
    reasons_of,
)


def test_s2_43_recent_buyer_is_suppressed() -> None:
    assert_row_blocked(RULE, last_order_at=SEND_AT - timedelta(days=7) + timedelta(seconds=1))
    assert_row_passes(last_order_at=SEND_AT - timedelta(days=7))


def test_s2_43_service_and_receipts_to_recent_buyers_are_not_blocked() -> None:
    recent: dict[str, Any] = {"last_order_at": SEND_AT - timedelta(hours=1)}
    assert_row_passes(message_class="service", message_kind="thank_you", **recent)
    assert_row_passes(message_class="transactional", message_kind="order_confirmation", **recent)


def test_trap_1_an_offer_on_a_page_is_no_push() -> None:
    assert_row_passes(channel="onpage", last_order_at=SEND_AT - timedelta(hours=1))
    page = edit_step(move_step(good_plan(), "vip.early_access", 3), "vip.early_access", channels=("onpage",))
    assert reasons_of(RULE, page) == ()


def test_somebody_who_never_ordered_is_no_recent_buyer() -> None:
    assert_row_passes(last_order_at=None)


def test_trap_10_a_promotion_dated_inside_the_window_is_blocked() -> None:
    """The peak ended on 30 November: 7 December is inside, 8 December is the first day."""
    assert_blocks(RULE, move_step(good_plan(), "reactivated.newest_goods", 6), "inside_recent_buyer_window")
    assert reasons_of(RULE, move_step(good_plan(), "reactivated.newest_goods", 7)) == ()
