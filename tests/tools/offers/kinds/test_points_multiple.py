from memory.domain.offer import PointsMultiple
from tests.factories.offers import built
from tests.factories.planning import eur


def test_s2_41_vips_get_treble_points_others_double() -> None:
    vip, first = built("points_multiple", "vip").incentive, built("points_multiple").incentive
    assert isinstance(vip, PointsMultiple) and isinstance(first, PointsMultiple)
    assert (vip.factor, first.factor) == (3, 2)


def test_s2_31_its_cost_is_the_extra_points_of_a_median_basket() -> None:
    offer = built("points_multiple", "vip")
    assert offer.limits.min_spend == eur(90)
    assert offer.cost_per_use.amount_minor == 2 * 90
    assert offer.discount_rate == 0.0
