"""A plan's offers: complete, in words without figures of their own, and above every floor as stated."""

import re
from fractions import Fraction

from memory.domain.handover import PlanNow
from memory.domain.offer import EarlyAccess, GiftWithPurchase, Offer
from memory.domain.outcome import Blocked

from .price import ROUNDING, taken_off
from .reason import reason

NAMED: dict[str, frozenset[str]] = {
    "store_credit": frozenset({"amount", "min_spend"}),
    "referral_reward": frozenset({"amount", "min_spend"}),
    "discount": frozenset({"amount", "min_spend"}),
    "points_multiple": frozenset({"factor"}),
    "bonus_points": frozenset({"points"}),
    "gift_with_purchase": frozenset({"amount", "min_spend"}),
    "free_expedited_shipping": frozenset({"amount"}),
    "early_access": frozenset({"hours"}),
}
"""What a benefit has to name, as tokens that code fills."""
TOKEN = re.compile(r"\{(\w+)\}")
CURRENCY_SIGNS = frozenset("%$€£¥")


def plan_offers(now: PlanNow) -> tuple[Blocked, ...]:
    """Give every offer that is incomplete, misstated or beyond a limit."""
    return tuple(found for offer in now.plan.offers for found in (*_parts(offer, now), *_limits(offer, now)))


def _parts(offer: Offer, now: PlanNow) -> list[Blocked]:
    found, path = [], f"offers.{offer.id}"
    for language in now.plan.languages:
        text = offer.benefit.get(language, "")
        if not NAMED[offer.incentive.kind] <= set(TOKEN.findall(text)):
            found.append(reason("offer_complete", "benefit_incomplete", f"{offer.id} lacks a token.", path=path))
        elif any(each.isdigit() or each in CURRENCY_SIGNS for each in TOKEN.sub("", text)):
            found.append(reason("offer_complete", "free_figure", f"{offer.id} holds a figure of its own.", path=path))
    spend, cost = offer.limits.min_spend, offer.cost_per_use
    if now.figures is not None and {spend.currency, cost.currency} != {now.figures.currency}:
        found.append(reason("offer_complete", "wrong_currency", f"{offer.id} mixes currencies.", path=path))
    if min(spend.amount_minor, cost.amount_minor) < 0:
        found.append(reason("offer_complete", "negative_sum", f"{offer.id} holds a negative sum.", path=path))
    if not cost.amount_minor and not isinstance(offer.incentive, EarlyAccess):
        found.append(reason("offer_complete", "cost_missing", f"{offer.id} states no cost.", path=path))
    if isinstance(offer.incentive, GiftWithPurchase) and spend.amount_minor <= 0:
        found.append(reason("offer_complete", "gift_unavailable", f"{offer.id} asks for no basket.", path=path))
    if not abs(Fraction(offer.discount_rate) - taken_off(offer)) <= 2 * ROUNDING:
        found.append(reason("offer_complete", "figures_misstated", f"{offer.id} misstates its discount.", path=path))
    return found


def _limits(offer: Offer, now: PlanNow) -> list[Blocked]:
    rails, found, path = now.guardrails, [], f"offers.{offer.id}"
    if not offer.price_ratio >= rails.min_price_ratio:
        found.append(reason("price_floor", "below_price_floor", f"{offer.id} is below the price floor.", path=path,
                            limit=rails.min_price_ratio, actual=offer.price_ratio))  # fmt: skip
    gives = not isinstance(offer.incentive, EarlyAccess)
    if gives and not offer.worst_margin_rate >= rails.min_margin_rate:
        found.append(reason("margin_floor", "below_margin_floor", f"{offer.id} is below the margin floor.", path=path,
                            limit=rails.min_margin_rate, actual=offer.worst_margin_rate))  # fmt: skip
    for cohort in offer.limits.cohorts:
        ceiling = rails.discount_ceiling.get(cohort, 0.0)
        if not max(Fraction(offer.discount_rate), taken_off(offer)) <= Fraction(ceiling) + ROUNDING:
            found.append(reason("discount_ceiling", "above_ceiling", f"{offer.id} is above {cohort}'s ceiling.",
                                path=path, limit=ceiling, actual=offer.discount_rate))  # fmt: skip
    return [*found, *_cautious(offer, now)]


def _cautious(offer: Offer, now: PlanNow) -> list[Blocked]:
    """Price cuts for the discount-sensitive ask for more than their median basket, or hold for rich categories."""
    if "discount_sensitive" not in offer.limits.cohorts or offer.incentive.kind not in ("discount", "store_credit"):
        return []
    median = next((each.median_basket_minor for each in now.plan.cohorts if each.id == "discount_sensitive"), 0)
    if offer.limits.min_spend.amount_minor > median or (offer.limits.categories and _are_rich(offer, now)):
        return []
    message = f"{offer.id} asks the discount-sensitive for {offer.limits.min_spend}."
    return [reason("cautious_offers", "threshold_too_low", message, path=f"offers.{offer.id}", limit=median)]


def _are_rich(offer: Offer, now: PlanNow) -> bool:
    """Categories are compared with each other, not with a mean that moves with every sale."""
    if now.figures is None:
        return False
    margins = now.figures.margins
    poorest = min((rate for rate in margins.values() if rate is not None), default=0.0)
    return all((margins.get(name) or 0.0) > poorest for name in offer.limits.categories)
