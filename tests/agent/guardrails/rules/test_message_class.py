import pytest

from agent.guardrails.rules.message_class import RULE
from memory.domain.message import MESSAGE_CLASS
from tests.factories.plans import (
    assert_blocks,
    assert_row_blocked,
    assert_row_passes,
    candidate,
    edit_step,
    good_plan,
    guarded,
)


def test_b5_marketing_dressed_as_a_receipt_is_blocked() -> None:
    plan = edit_step(good_plan(), "vip.cross_sell", message_class="transactional")
    assert_blocks(RULE, plan, "wrong_class")


@pytest.mark.parametrize("step_id", ["vip.order_confirmation", "vip.care_guide", "vip.thank_you"])
def test_s1_39_receipts_and_care_carry_no_offer(step_id: str) -> None:
    plan = edit_step(good_plan(), step_id, offer_id="vip.early_access")
    assert_blocks(RULE, plan, "offer_in_disguise", alone=False)


def test_s1_17_a_review_invitation_may_carry_points_but_no_credit() -> None:
    plan = edit_step(good_plan(), "first_time.review_invitation", offer_id="first_time.store_credit")
    assert_blocks(RULE, plan, "offer_in_disguise", alone=False)


def test_b5_no_promotional_kind_passes_as_transactional() -> None:
    kinds = sorted(kind for kind, of in MESSAGE_CLASS.items() if of == "promotional")
    rows = [candidate(message_kind=kind, message_class="transactional") for kind in kinds]
    assert guarded(*rows) == [[RULE.id]] * len(kinds)


def test_b5_rows_of_unknown_kinds_and_offers_in_receipts_are_blocked() -> None:
    assert_row_blocked(RULE, message_kind="mystery")
    assert_row_blocked(RULE, message_kind="order_confirmation", message_class="transactional", offer_id="x")
    assert_row_passes(message_kind="review_invitation", message_class="service", offer_id="vip.review_points")
