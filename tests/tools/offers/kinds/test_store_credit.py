from tests.factories.offers import built, facts, refused
from tests.factories.planning import category, eur


def test_s2_30_s2_31_the_credit_is_for_a_second_order_within_thirty_days() -> None:
    offer = built("store_credit")
    assert (offer.goal.action, offer.goal.within_days) == ("second_order", 30)
    assert offer.cost_per_use == eur(10)


def test_s2_41_its_basket_holds_the_cohort_s_ceiling() -> None:
    assert built("store_credit").discount_rate <= 0.10
    assert built("store_credit", "discount_sensitive").discount_rate <= 0.15


def test_s2_42_the_discount_sensitive_spend_more_on_rich_goods() -> None:
    offer = built("store_credit", "discount_sensitive")
    assert offer.limits.min_spend.amount_minor >= 5000 * 1.25
    assert offer.limits.categories == ("coats",)


def test_a_cohort_without_a_ceiling_gets_none() -> None:
    assert refused("store_credit", known=facts(ceilings={})).code == "no_discount_for_cohort"


def test_dc_03_goods_of_thin_margin_are_left_out() -> None:
    known = facts(categories=(category("shoes", 0.55), category("books", 0.18)))
    assert built("store_credit", known=known).limits.categories == ("shoes",)
    thin = facts(categories=(category("books", 0.18),), margin_rate=0.18)
    assert refused("store_credit", known=thin).code == "no_category_keeps_margin"


def test_without_costs_there_is_no_credit() -> None:
    assert refused("store_credit", known=facts(margin_rate=None)).code == "margin_unknown"


def test_s2_32_amounts_are_the_currency_s_own() -> None:
    yen = facts(currency="JPY", baskets={"first_time": 9000}, gifts=())
    offer = built("store_credit", known=yen)
    assert (offer.cost_per_use.amount_minor, offer.cost_per_use.currency) == (1500, "JPY")
