from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.domain.money import Money
from memory.domain.offer import (
    BonusPoints,
    Discount,
    EarlyAccess,
    FreeExpeditedShipping,
    Incentive,
    Offer,
    OfferGoal,
    OfferLimits,
    PointsMultiple,
    ReferralReward,
    StoreCredit,
)
from tests.factories.planning import eur
from tools.offers import worth as module
from tools.offers.worth import WorstOrder, discount_rate, worst_order, worth


def offer(name: str, incentive: Incentive, spend: int, *categories: str) -> Offer:
    return Offer(
        id=name,
        goal=OfferGoal(action="next_order", within_days=30),
        incentive=incentive,
        benefit={},
        limits=OfferLimits(
            cohorts=("vip",), min_spend=eur(spend), valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 31),
            categories=categories, measured_by="incremental_rpr",
        ),
        cost_per_use=eur(0), redemption_rate=0.1, worst_margin_rate=0, price_ratio=1, discount_rate=0,
    )  # fmt: skip


CREDIT = offer("credit", StoreCredit(amount=eur(15)), 60)
RATE = offer("rate", Discount(rate=0.10), 50)
SHIPPING = offer("shipping", FreeExpeditedShipping(cost=eur(6)), 40)
MARGINS = {"shoes": 0.5, "coats": 0.6}


@pytest.mark.parametrize(
    ("incentive", "off", "extra"),
    [
        (StoreCredit(amount=eur(15)), 1500, 0),
        (Discount(rate=0.15), 1500, 0),
        (FreeExpeditedShipping(cost=eur(6)), 0, 600),
        (PointsMultiple(factor=3, point_cost=eur(1)), 0, 200),
        (BonusPoints(points=300, cost=eur(3)), 0, 300),
        (ReferralReward(referrer=eur(10), friend=eur(10), friend_min_spend=eur(75)), 1000, 1000),
        (EarlyAccess(hours=48), 0, 0),
    ],
)
def test_s2_31_every_incentive_has_its_cost_on_a_basket_of_a_hundred(
    incentive: Incentive, off: int, extra: int
) -> None:
    assert worth(incentive, 10_000) == (off, extra)


def test_dc_03_the_worst_order_of_one_offer() -> None:
    """60 less 15 leaves 45; goods cost 30, so a third of the price is margin."""
    worst = worst_order(CREDIT, (), {"shoes": 0.5}, 5000)
    assert worst == (round(1 / 3, 6), 0.75)


def test_dc_03_the_whole_stack_is_counted() -> None:
    """On 60: 15 and 6 off leave 39 (0.65); goods 30 and parcel 6 leave 3, a thirteenth."""
    worst = worst_order(CREDIT, (RATE, SHIPPING), {"shoes": 0.5}, 5000)
    assert worst == (round(3 / 39, 6), 0.65)


def test_dc_03_planted_bug_looking_at_the_offer_alone_would_miss_the_stack() -> None:
    assert worst_order(CREDIT, (), MARGINS, 5000).price_ratio > worst_order(CREDIT, (RATE,), MARGINS, 5000).price_ratio


def test_dc_03_goods_lie_in_the_categories_of_all_offers() -> None:
    held = offer("held", StoreCredit(amount=eur(15)), 60, "coats")
    assert worst_order(held, (), MARGINS, 5000).margin_rate == round((45 - 24) / 45, 6)
    assert worst_order(held, (SHIPPING,), MARGINS, 5000).margin_rate == round((45 - 24 - 6) / 45, 6)


def test_dc_03_offers_of_different_categories_need_both_baskets() -> None:
    shoes = offer("shoes", StoreCredit(amount=eur(5)), 40, "shoes")
    coats = offer("coats", StoreCredit(amount=eur(5)), 60, "coats")
    assert worst_order(shoes, (coats,), MARGINS, 5000).price_ratio == min(35 / 40, 90 / 100)


def test_unknown_margins_and_baskets_that_are_given_away_are_the_worst_there_is() -> None:
    assert worst_order(CREDIT, (), {}, 5000).margin_rate <= -1.0
    assert worst_order(offer("all", StoreCredit(amount=eur(60)), 60), (), MARGINS, 5000) == (-1.0, 0.0)


def test_s2_41_what_an_offer_takes_off_its_smallest_basket() -> None:
    assert discount_rate(CREDIT.incentive, 6000) == 0.25
    assert discount_rate(RATE.incentive, 5000) == 0.10
    assert discount_rate(SHIPPING.incentive, 4000) == 0.0
    assert discount_rate(CREDIT.incentive, 0) == 1.0
    assert Money(amount_minor=1, currency="EUR") != eur(1)


INCENTIVES = st.one_of(
    st.integers(1, 40).map(lambda euros: StoreCredit(amount=eur(euros))),
    st.integers(1, 40).map(lambda percent: Discount(rate=percent / 100)),
    st.integers(1, 15).map(lambda euros: FreeExpeditedShipping(cost=eur(euros))),
)
GOODS = st.sampled_from([(), ("shoes",), ("coats",), ("shoes", "coats"), ("coats", "socks")])
CATALOGUES = st.fixed_dictionaries({name: st.floats(-0.2, 0.9) for name in ("shoes", "coats", "socks")})


def stacks(goods: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[list[Offer]]:
    one = st.builds(lambda each, spend, held: offer("any", each, spend, *held), INCENTIVES, st.integers(0, 90), goods)
    return st.lists(one, min_size=1, max_size=6)


def unlimited(stack: list[Offer], margins: dict[str, float]) -> WorstOrder:
    """The worst order as it is found where there are too many offers to try every combination."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_OTHERS", -1)
        return worst_order(stack[0], stack[1:], margins, 5000)


@settings(max_examples=150)
@given(stacks(st.just(())), CATALOGUES)
def test_dc_03_of_many_offers_the_worst_order_is_that_of_every_combination(
    stack: list[Offer], margins: dict[str, float]
) -> None:
    assert unlimited(stack, margins) == worst_order(stack[0], stack[1:], margins, 5000)


@settings(max_examples=150)
@given(stacks(GOODS), CATALOGUES)
def test_dc_03_of_many_offers_on_different_goods_nothing_is_above_the_worst(
    stack: list[Offer], margins: dict[str, float]
) -> None:
    found, tried = unlimited(stack, margins), worst_order(stack[0], stack[1:], margins, 5000)
    assert found.margin_rate <= tried.margin_rate + 1e-6
    assert found.price_ratio <= tried.price_ratio + 1e-6
    if set.intersection(*(set(one.limits.categories or margins) for one in stack)):
        assert found == tried


def test_dc_03_a_basket_that_unlocks_fewer_offers_can_be_worse_than_all_at_once() -> None:
    """Twelve offers: 20 off from 40 alone leaves half; with eleven small ones from 400 on the basket is far larger."""
    small = [offer(f"small{n}", StoreCredit(amount=eur(1)), 400) for n in range(11)]
    worst = worst_order(offer("large", StoreCredit(amount=eur(20)), 40), small, {"": 0.9}, 5000)
    assert worst.price_ratio == 0.5
