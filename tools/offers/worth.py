"""What an incentive takes off a basket and costs beside it, and the worst order of a stack of offers.

The worst order is looked for at every smallest basket: there all offers that the basket unlocks are redeemed
together (DC-03). Points, gifts and shipping cost the shop beside the price; credit and discounts lower the price paid.
"""

from collections.abc import Iterable
from decimal import ROUND_UP, Decimal
from typing import NamedTuple

from memory.domain.offer import (
    BonusPoints,
    Discount,
    FreeExpeditedShipping,
    GiftWithPurchase,
    Incentive,
    Offer,
    PointsMultiple,
    ReferralReward,
    StoreCredit,
)


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


def worst_order(stack: Iterable[Offer], margin_rate: float, basket_minor: int) -> WorstOrder:
    """Give the worst order on which offers of `stack` are redeemed together.

    `margin_rate` is the lowest margin over list price of the goods they hold for; `basket_minor` stands in for offers
    without a smallest basket.
    """
    offers = [(offer.limits.min_spend.amount_minor or max(basket_minor, 1), offer.incentive) for offer in stack]
    worst = WorstOrder(margin_rate, 1.0)
    for basket in sorted({smallest for smallest, _ in offers}):
        parts = [worth(incentive, basket) for smallest, incentive in offers if smallest <= basket]
        order = _order(basket, sum(each[0] for each in parts), sum(each[1] for each in parts), margin_rate)
        worst = WorstOrder(min(worst.margin_rate, order.margin_rate), min(worst.price_ratio, order.price_ratio))
    return WorstOrder(round(worst.margin_rate, 6), round(worst.price_ratio, 6))


def _order(basket: int, off: int, extra: int, margin_rate: float) -> WorstOrder:
    paid = basket - off
    if paid <= 0:
        return WorstOrder(-1.0, 0.0)
    goods = basket * (1.0 - margin_rate)
    return WorstOrder(max((paid - goods - extra) / paid, -1.0), paid / basket)


def _part(basket_minor: int, rate: float) -> int:
    return int((Decimal(basket_minor) * Decimal(str(rate))).to_integral_value(rounding=ROUND_UP))
