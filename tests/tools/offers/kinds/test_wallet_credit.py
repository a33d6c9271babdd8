from datetime import date

from memory.domain.offer import StoreCredit
from tests.factories.offers import built, refused


def test_s2_35_credit_earned_now_opens_in_january() -> None:
    offer = built("wallet_credit", starts_on=date(2026, 12, 10))
    assert isinstance(offer.incentive, StoreCredit)
    assert offer.incentive.redeemable_from == date(2027, 1, 1)


def test_trap_11_its_goal_reaches_past_the_opening() -> None:
    offer = built("wallet_credit", starts_on=date(2026, 12, 10))
    assert offer.goal.within_days > (date(2027, 1, 1) - date(2026, 12, 10)).days


def test_trap_11_a_credit_that_would_end_before_it_opens_is_refused() -> None:
    made = refused("wallet_credit", starts_on=date(2026, 12, 10), ends_on=date(2026, 12, 31))
    assert made.code == "no_redemption_window"
