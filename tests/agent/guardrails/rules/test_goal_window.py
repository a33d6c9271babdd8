from datetime import date

from agent.guardrails.rules.goal_window import RULE
from memory.domain.offer import OfferGoal
from tests.factories.plans import assert_blocks, edit_offer, good_plan, reasons_of

OFFER = "first_time.store_credit"


def credit_from(day: date | None) -> dict[str, object]:
    offer = good_plan().offer(OFFER)
    assert offer is not None
    return {"incentive": offer.incentive.model_copy(update={"redeemable_from": day})}


def test_trap_11_a_credit_that_opens_after_the_goal_s_window_is_blocked() -> None:
    """Due on 29 December, second order wanted within 14 days: opening on 12 January is a day too late."""
    wanted = {"goal": OfferGoal(action="second_order", within_days=14)}
    late = edit_offer(good_plan(), OFFER, **wanted, **credit_from(date(2027, 1, 12)))
    assert_blocks(RULE, late, "window_mismatch")


def test_s2_30_s2_35_a_credit_that_opens_inside_the_window_passes() -> None:
    assert reasons_of(RULE, edit_offer(good_plan(), OFFER, **credit_from(date(2027, 1, 5)))) == ()


def test_trap_11_an_offer_that_ends_before_it_opens_is_blocked() -> None:
    assert_blocks(RULE, edit_offer(good_plan(), OFFER, **credit_from(date(2027, 1, 31))), "window_mismatch")
