from memory.domain.offer import EarlyAccess
from tests.factories.offers import built, facts


def test_s1_24_s2_41_early_access_is_48_hours_and_gives_nothing_away() -> None:
    offer = built("early_access", "vip")
    assert offer.incentive == EarlyAccess(hours=48)
    assert (offer.cost_per_use.amount_minor, offer.discount_rate, offer.price_ratio) == (0, 0.0, 1.0)


def test_it_can_be_had_where_no_cost_is_known() -> None:
    assert built("early_access", "vip", facts(margin_rate=None, categories=())).id == "vip.early_access"
