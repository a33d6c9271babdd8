from memory.domain.offer import GiftWithPurchase
from tests.factories.offers import built, facts, refused
from tests.factories.planning import eur
from tools.offers.facts import GiftFact


def test_s2_34_the_gift_is_in_stock_small_beside_the_basket_and_for_rich_goods() -> None:
    offer = built("gift_with_purchase", "vip")
    assert isinstance(offer.incentive, GiftWithPurchase)
    assert (offer.incentive.sku, offer.incentive.cost) == ("SOCK-1", eur(3))
    assert offer.limits.min_spend == eur(90)
    assert offer.limits.categories == ("coats",)


def test_s2_34_too_little_stock_for_those_who_redeem_is_no_gift() -> None:
    """640 people, a tenth redeem: 65 pieces are needed."""
    short = facts(gifts=(GiftFact(sku="SOCK-1", cost=eur(3), price=eur(9), n_in_stock=64),))
    assert refused("gift_with_purchase", "vip", short).code == "no_gift_in_stock"
    enough = facts(gifts=(GiftFact(sku="SOCK-1", cost=eur(3), price=eur(9), n_in_stock=65),))
    assert built("gift_with_purchase", "vip", enough).cost_per_use == eur(3)


def test_s2_34_a_gift_too_dear_for_its_basket_is_refused() -> None:
    dear = facts(gifts=(GiftFact(sku="COAT", cost=eur(8), price=eur(20), n_in_stock=999),))
    assert refused("gift_with_purchase", "vip", dear).code == "no_gift_in_stock"
