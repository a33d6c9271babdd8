"""What an incentive takes off a basket and costs beside it, and the worst order of a stack of offers.

The worst order is looked for over every combination of offers that can be redeemed together, each on the smallest
basket that unlocks it (DC-03). Points, gifts and shipping cost the shop beside the price; credit and discounts lower
the price paid. Where there are too many to try every combination, orders of goods that all offers are for are still
searched whole (`_together`), and orders of goods side by side are bounded (`_side_by_side`): never above the worst.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_UP, Decimal
from itertools import combinations
from typing import NamedTuple, Protocol

from memory.domain.offer import (
    BonusPoints,
    Discount,
    FreeExpeditedShipping,
    GiftWithPurchase,
    Incentive,
    OfferLimits,
    PointsMultiple,
    ReferralReward,
    StoreCredit,
)

MOST_OTHERS = 10
"""Up to how many offers beside one every combination is tried."""


class Redeemable(Protocol):
    """An offer of the plan, or one from outside it."""

    @property
    def incentive(self) -> Incentive:
        """What it takes off or costs."""
        ...

    @property
    def limits(self) -> OfferLimits:
        """From which basket, on which goods."""
        ...


class Worth(NamedTuple):
    """One redemption on one basket, in minor units."""

    price_off_minor: int
    """What the holder pays less."""
    extra_cost_minor: int
    """What the shop pays beside."""

    @property
    def cost_minor(self) -> int:
        """What one redemption costs the shop."""
        return self.price_off_minor + self.extra_cost_minor


class WorstOrder(NamedTuple):
    """The worst order of a stack."""

    margin_rate: float
    """Margin over the price paid."""
    price_ratio: float
    """Price paid over list price."""


def worth(incentive: Incentive, basket_minor: int) -> Worth:
    """Give what one redemption is worth on a basket of list price `basket_minor`."""
    match incentive:
        case StoreCredit(amount=amount):
            return Worth(amount.amount_minor, 0)
        case Discount(rate=rate):
            return Worth(_part(basket_minor, rate), 0)
        case FreeExpeditedShipping(cost=cost) | GiftWithPurchase(cost=cost) | BonusPoints(cost=cost):
            return Worth(0, cost.amount_minor)
        case PointsMultiple(factor=factor, point_cost=point_cost):
            return Worth(0, (factor - 1) * point_cost.amount_minor)
        case ReferralReward(referrer=referrer, friend=friend):
            return Worth(friend.amount_minor, referrer.amount_minor)
        case _:
            return Worth(0, 0)


def discount_rate(incentive: Incentive, min_spend_minor: int) -> float:
    """Give what an offer takes off its smallest basket as a share, 0 where it takes nothing off.

    A referral's reward is paid for a new customer's order, not taken off the holder's basket: it counts in the
    price and the margin of the friend's order, and 0 here.
    """
    if isinstance(incentive, Discount):
        return incentive.rate
    if not isinstance(incentive, StoreCredit):
        return 0.0
    return min(incentive.amount.amount_minor / min_spend_minor, 1.0) if min_spend_minor else 1.0


def worst_order(
    offer: Redeemable, others: Sequence[Redeemable], margins: Mapping[str, float], basket_minor: int
) -> WorstOrder:
    """Give the worst order on which `offer` is redeemed, alone or with any of `others`.

    `margins` is the margin over list price per category (one entry for a shop without categories). Goods have to lie
    in the categories of all offers redeemed; offers of different categories need their baskets one beside the other.
    `basket_minor` stands in for offers without a smallest basket. Up to `MOST_OTHERS` others every combination is
    tried; of more, what is given is the worst order or below it.
    """
    if len(others) <= MOST_OTHERS:
        orders = [_redeemed((offer, *subset), margins, basket_minor) for subset in _subsets(others)]
    else:
        orders = [
            *_together(offer, others, margins, basket_minor),
            _side_by_side((offer, *others), margins, basket_minor),
        ]
    return WorstOrder(
        round(min(order.margin_rate for order in orders), 6), round(min(order.price_ratio for order in orders), 6)
    )


def _subsets(others: Sequence[Redeemable]) -> list[tuple[Redeemable, ...]]:
    return [subset for size in range(len(others) + 1) for subset in combinations(others, size)]


def _spend(offer: Redeemable, basket_minor: int) -> int:
    return offer.limits.min_spend.amount_minor or max(basket_minor, 1)


def _redeemed(offers: tuple[Redeemable, ...], margins: Mapping[str, float], basket_minor: int) -> WorstOrder:
    spends = [_spend(offer, basket_minor) for offer in offers]
    held = [set(offer.limits.categories) for offer in offers if offer.limits.categories]
    shared = set.intersection(*held) if held else set(margins)
    basket = max(spends) if shared or not held else sum(spends)
    goods = shared or set().union(*held)
    return _on(offers, basket, _lowest(goods, margins))


def _together(
    offer: Redeemable, others: Sequence[Redeemable], margins: Mapping[str, float], basket_minor: int
) -> list[WorstOrder]:
    """Give the orders of one category's goods at each basket that unlocks an offer, with all offers it unlocks.

    Each offer lowers the price or adds a cost, so all of them together are the worst of a basket.
    """
    found = []
    for category in {*margins, *offer.limits.categories} or {""}:
        fitting = [
            each for each in (offer, *others) if not each.limits.categories or category in each.limits.categories
        ]
        if not any(each is offer for each in fitting):
            continue
        margin, least = _lowest({category}, margins), _spend(offer, basket_minor)
        for basket in {max(_spend(each, basket_minor), least) for each in fitting}:
            unlocked = tuple(each for each in fitting if _spend(each, basket_minor) <= basket)
            found.append(_on(unlocked, basket, margin))
    return found


def _side_by_side(offers: Sequence[Redeemable], margins: Mapping[str, float], basket_minor: int) -> WorstOrder:
    """Give a bound below every order of baskets side by side: parts of the sum of baskets, none above its own's.

    Fixed sums are at most the largest share of their own smallest basket, rates add up. Where all offers have goods
    in common there is no such order.
    """
    held = [set(offer.limits.categories) for offer in offers if offer.limits.categories]
    if not held or set.intersection(*held):
        return WorstOrder(1.0, 1.0)
    rates = fixed = extra = 0.0
    for offer in offers:
        spend = _spend(offer, basket_minor)
        each = worth(offer.incentive, spend)
        if isinstance(offer.incentive, Discount):
            rates += offer.incentive.rate + 1 / spend  # rounded up to a whole minor unit
        fixed = max(fixed, 0.0 if isinstance(offer.incentive, Discount) else each.price_off_minor / spend)
        extra = max(extra, each.extra_cost_minor / spend)
    paid = 1.0 - rates - fixed
    if paid <= 0:
        return WorstOrder(-1.0, 0.0)
    goods = 1.0 - _lowest(set().union(*held), margins)
    return WorstOrder(max((paid - goods - extra) / paid, -1.0), paid)


def _is_for(offer: Redeemable, category: str) -> bool:
    return not offer.limits.categories or category in offer.limits.categories


def _lowest(goods: set[str], margins: Mapping[str, float]) -> float:
    return min((margins[category] for category in goods if category in margins), default=-1.0)


def _on(offers: Sequence[Redeemable], basket: int, margin_rate: float) -> WorstOrder:
    parts = [worth(offer.incentive, basket) for offer in offers]
    return _order(basket, sum(each[0] for each in parts), sum(each[1] for each in parts), margin_rate)


def _order(basket: int, off: int, extra: int, margin_rate: float) -> WorstOrder:
    paid = basket - off
    if paid <= 0:
        return WorstOrder(-1.0, 0.0)
    goods = basket * (1.0 - margin_rate)
    return WorstOrder(max((paid - goods - extra) / paid, -1.0), paid / basket)


def _part(basket_minor: int, rate: float) -> int:
    return int((Decimal(basket_minor) * Decimal(str(rate))).to_integral_value(rounding=ROUND_UP))
