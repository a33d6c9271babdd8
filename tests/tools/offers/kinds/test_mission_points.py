import pytest

from memory.domain.offer import BonusPoints
from tests.factories.offers import built, facts
from tests.factories.planning import eur


def test_s2_36_s2_54_three_tasks_earn_300_points_once() -> None:
    offer = built("mission_points")
    assert isinstance(offer.incentive, BonusPoints)
    assert offer.incentive.points == 300
    assert [task.action for task in offer.incentive.tasks] == ["open_app", "view_new", "purchase"]
    assert offer.incentive.tasks[2].min_spend == eur(50)
    assert offer.limits.uses_per_person == 1


@pytest.mark.parametrize(("currency", "minor"), [("USD", 5000), ("GBP", 4000), ("CNY", 35000), ("JPY", 7500)])
def test_s2_54_the_purchase_is_stated_in_the_shop_s_currency(currency: str, minor: int) -> None:
    offer = built("mission_points", known=facts(currency=currency, gifts=()))
    assert offer.limits.min_spend.amount_minor == minor
