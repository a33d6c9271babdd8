from memory.domain.offer import ReferralReward
from tests.factories.offers import built
from tests.factories.planning import eur


def test_s2_55_the_friend_spends_75_and_both_get_10() -> None:
    offer = built("referral_reward")
    assert offer.incentive == ReferralReward(referrer=eur(10), friend=eur(10), friend_min_spend=eur(75))
    assert offer.cost_per_use == eur(20)


def test_dc_03_both_rewards_count_in_the_friend_s_order() -> None:
    """75 less 10; goods of the thinnest category cost 39, the referrer gets 10."""
    offer = built("referral_reward")
    assert offer.price_ratio == round(65 / 75, 6)
    assert offer.worst_margin_rate == round((65 - 39 - 10) / 65, 6)
    assert offer.discount_rate == 0.0
