from tests.factories.offers import built, facts
from tests.factories.planning import eur


def test_s2_31_it_costs_what_the_shop_s_parcels_cost() -> None:
    assert built("free_shipping").cost_per_use.amount_minor == 590
    assert built("free_shipping", known=facts(shipping_minor=0)).cost_per_use == eur(6)


def test_it_leaves_the_price_alone_and_asks_for_a_median_basket() -> None:
    offer = built("free_shipping")
    assert (offer.price_ratio, offer.discount_rate, offer.limits.min_spend) == (1.0, 0.0, eur(60))
    assert offer.worst_margin_rate == round((60 * 0.48 - 5.9) / 60, 6)
