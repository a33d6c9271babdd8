from agent.guardrails.rules.cautious_offers import RULE
from tests.factories.planning import BASKETS, eur
from tests.factories.plans import assert_blocks, edit_offer, good_plan, reasons_of

OFFER = "discount_sensitive.store_credit"


def limits(**changes: object) -> dict[str, object]:
    offer = good_plan().offer(OFFER)
    assert offer is not None
    return {"limits": offer.limits.model_copy(update=changes)}


def test_s2_42_an_ordinary_threshold_on_ordinary_goods_is_blocked() -> None:
    low = limits(min_spend=eur(50), categories=())
    assert_blocks(RULE, edit_offer(good_plan(), OFFER, **low), "threshold_too_low", alone=False)


def test_s2_42_a_higher_threshold_or_rich_categories_pass() -> None:
    assert BASKETS["discount_sensitive"] == 5000
    assert reasons_of(RULE, edit_offer(good_plan(), OFFER, **limits(min_spend=eur(51), categories=()))) == ()
    assert reasons_of(RULE, edit_offer(good_plan(), OFFER, **limits(min_spend=eur(50), categories=("coats",)))) == ()


def test_s2_42_the_playbook_asks_for_more_and_holds_it_to_rich_categories() -> None:
    offer = good_plan().offer(OFFER)
    assert offer is not None
    assert offer.limits.min_spend.amount_minor >= 5000 * 1.25
    assert offer.limits.categories == ("coats",)
