from memory.domain.offer import BonusPoints
from tests.factories.offers import built
from tests.factories.planning import eur


def test_s1_17_a_review_with_a_photo_earns_a_hundred_points_once() -> None:
    offer = built("review_points")
    assert offer.incentive == BonusPoints(points=100, cost=eur(1))
    assert (offer.goal.action, offer.limits.uses_per_person) == ("review", 1)
    assert offer.limits.min_spend.amount_minor == 0
