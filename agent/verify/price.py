"""The offer a message carries, against the prices, costs and stock of now; in integers and fractions only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from zoneinfo import ZoneInfo

from memory.domain.figures import ShopFigures
from memory.domain.handover import PlanNow, Promise
from memory.domain.offer import (
    BonusPoints,
    Discount,
    EarlyAccess,
    FreeExpeditedShipping,
    GiftWithPurchase,
    Incentive,
    Offer,
    PointsMultiple,
    ReferralReward,
    StoreCredit,
)
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

from .reason import reason

ROUNDING = Fraction(1, 1_000_000)
"""Rates are kept to six decimals; a floor is not broken by less than one of them."""
MOST_COMBINED = 10
"""Up to how many offers beside one every combination is looked at; beyond it all of them count at once."""
UNKNOWN_MARGIN = Fraction(-1)
"""A category whose cost nobody knows: nothing good is assumed of it."""


def price(promise: Promise, now_plan: PlanNow, now: datetime) -> tuple[Blocked, ...]:
    """Give every reason why the message's offer may not be made now."""
    offer = now_plan.plan.offer(promise.offer_id) if promise.offer_id else None
    if offer is None:
        return ()
    today, path, limits = now.astimezone(ZoneInfo(now_plan.plan.zone)).date(), f"offers.{offer.id}", offer.limits
    found = []
    if not limits.valid_from <= today <= limits.valid_until:
        found.append(reason("goal_window", "offer_not_valid_now", f"{offer.id} is not valid on {today}.", path=path))
    if promise.cohort not in limits.cohorts:
        found.append(reason("known", "unknown_offer", f"{promise.cohort} has no {offer.id}.", path=path))
    ceilings = {str(cohort): rate for cohort, rate in now_plan.guardrails.discount_ceiling.items()}
    off, ceiling = taken_off(offer), ceilings.get(promise.cohort, 0.0)
    if not off <= Fraction(ceiling) + ROUNDING:
        found.append(reason("discount_ceiling", "above_ceiling", f"{offer.id} takes {float(off):.1%} off.", path=path,
                            limit=ceiling, actual=float(off)))  # fmt: skip
    if now_plan.figures is None:
        return (*found, reason("price_floor", "price_unknown", "The prices of now are not known.", path=path))
    return (*found, *_floors(offer, now_plan, now_plan.figures), *_stock(offer, now_plan.figures))


def taken_off(offer: Offer) -> Fraction:
    """Give the share an offer takes off its smallest basket."""
    match offer.incentive:
        case Discount(rate=rate):
            return Fraction(rate)
        case StoreCredit(amount=amount):
            spend = offer.limits.min_spend.amount_minor
            return min(Fraction(amount.amount_minor, spend), Fraction(1)) if spend > 0 else Fraction(1)
    return Fraction(0)


def _stock(offer: Offer, figures: ShopFigures) -> list[Blocked]:
    if not isinstance(offer.incentive, GiftWithPurchase):
        return []
    sku = offer.incentive.sku
    stock = figures.gifts.get(sku, 0)
    return [] if stock > 0 else [reason("offer_complete", "gift_unavailable", f"{sku} is out of stock.", actual=stock)]


def _floors(offer: Offer, now_plan: PlanNow, figures: ShopFigures) -> list[Blocked]:
    rails, path = now_plan.guardrails, f"offers.{offer.id}"
    currencies = {offer.limits.min_spend.currency, offer.cost_per_use.currency}
    if currencies != {figures.currency}:
        return [reason("offer_complete", "mixed_currency", f"{offer.id} is not in {figures.currency}.", path=path)]
    others = _beside(offer, now_plan.plan)
    if isinstance(offer.incentive, EarlyAccess) and not others:
        return []
    margin, ratio = _worst(_Case.of(offer, now_plan.plan, figures))
    found = []
    if not ratio + ROUNDING >= Fraction(rails.min_price_ratio):
        found.append(reason("price_floor", "below_price_floor", f"With {offer.id} people pay {float(ratio):.2%} now.",
                            path=path, limit=rails.min_price_ratio, actual=float(ratio)))  # fmt: skip
    if not isinstance(offer.incentive, EarlyAccess) and not margin + ROUNDING >= Fraction(rails.min_margin_rate):
        message = f"The worst order with {offer.id} leaves {float(margin):.2%} now."
        found.append(reason("margin_floor", "below_margin_floor", message, path=path, limit=rails.min_margin_rate,
                            actual=float(margin)))  # fmt: skip
    return found


def _beside(offer: Offer, plan: Plan) -> list[Offer]:
    """Other offers that somebody of the same cohort may redeem on the same day; a friend holds no other."""
    if isinstance(offer.incentive, ReferralReward):
        return []
    mine = offer.limits
    return [
        other
        for other in plan.offers
        if other.id != offer.id
        and not isinstance(other.incentive, ReferralReward)
        and any(cohort in mine.cohorts for cohort in other.limits.cohorts)
        and max(mine.valid_from, other.limits.valid_from) <= min(mine.valid_until, other.limits.valid_until)
    ]


@dataclass(frozen=True)
class _Case:
    """An offer of a plan at the prices of now: a batch asks for the same few again and again."""

    plan_id: str
    offer_id: str
    margins: tuple[tuple[str, float | None], ...]
    margin_rate: float | None
    offer: Offer = field(compare=False)
    plan: Plan = field(compare=False)
    figures: ShopFigures = field(compare=False)

    @classmethod
    def of(cls, offer: Offer, plan: Plan, figures: ShopFigures) -> "_Case":
        return cls(plan.id, offer.id, tuple(figures.margins.items()), figures.margin_rate, offer, plan, figures)


@lru_cache(maxsize=1024)
def _worst(case: _Case) -> tuple[Fraction, Fraction]:
    """Give the lowest margin over price paid and price over list price of any order the offer is redeemed on."""
    others = _beside(case.offer, case.plan)
    sizes: Iterable[int] = range(len(others) + 1) if len(others) <= MOST_COMBINED else (len(others),)
    orders = [
        _order((case.offer, *more), case.plan, case.figures, case.offer.limits.cohorts)
        for n in sizes
        for more in combinations(others, n)
    ]
    return min(order[0] for order in orders), min(order[1] for order in orders)


def _order(
    offers: tuple[Offer, ...], plan: Plan, figures: ShopFigures, cohorts: Iterable[str]
) -> tuple[Fraction, Fraction]:
    typical = max(_basket(plan, cohort) for cohort in cohorts)
    spends = [each.limits.min_spend.amount_minor or max(typical, 1) for each in offers]
    held = [frozenset(each.limits.categories) for each in offers if each.limits.categories]
    margins = {
        name: UNKNOWN_MARGIN if rate is None else Fraction(str(rate))
        for name, rate in (figures.margins or {"": figures.margin_rate}).items()
    }
    common = frozenset.intersection(*held) if held else frozenset(margins)
    # goods that lie in the categories of all offers; where there are none, one basket beside the other
    basket = max(spends) if common or not held else sum(spends)
    goods = common or frozenset().union(*held)
    margin = min((margins[name] for name in goods if name in margins), default=UNKNOWN_MARGIN)
    off = sum(_price_off(each.incentive, basket) for each in offers)
    beside = sum(_cost_beside(each.incentive) for each in offers)
    paid = basket - off
    if paid <= 0:
        return Fraction(-1), Fraction(0)
    return (paid - basket * (1 - margin) - beside) / paid, Fraction(paid, basket)


def _basket(plan: Plan, cohort: str) -> int:
    own = {each.id: each.median_basket_minor for each in plan.cohorts}
    known = sorted(size for size in own.values() if size > 0)
    typical = known[(len(known) - 1) // 2] if known else 0
    return next((size for name, size in own.items() if name == cohort and size), typical)


def _price_off(incentive: Incentive, basket: int) -> int:
    match incentive:
        case StoreCredit(amount=amount):
            return amount.amount_minor
        case Discount(rate=rate):
            return -(-basket * Fraction(str(rate)) // 1)  # up to the next minor unit
        case ReferralReward(friend=friend):
            return friend.amount_minor
    return 0


def _cost_beside(incentive: Incentive) -> int:
    match incentive:
        case FreeExpeditedShipping(cost=cost) | GiftWithPurchase(cost=cost) | BonusPoints(cost=cost):
            return cost.amount_minor
        case PointsMultiple(factor=factor, point_cost=cost):
            return (factor - 1) * cost.amount_minor
        case ReferralReward(referrer=referrer):
            return referrer.amount_minor
    return 0
