"""Smallest baskets: readable amounts that hold the price floor and the cohort's discount ceiling."""

from memory.domain.money import Money
from memory.domain.outcome import Blocked
from tools.priors.amounts import nominal, round_up

from .facts import OfferFacts
from .pick import OfferPick

CAUTIOUS_FACTOR_PERCENT = {"discount_sensitive": 125}
"""The discount-sensitive have to spend more than they usually do (S2-42)."""
AMOUNTS = (15, 10, 5)
"""Credits in nominal dollars, largest first."""
REACH_FACTOR = 2
"""A basket beyond twice the median is out of reach for most."""


def basket(pick: OfferPick, facts: OfferFacts) -> int:
    """Give the cohort's median basket in minor units, 50 nominal where it is unknown."""
    return facts.baskets.get(pick.cohort) or nominal(50, facts.currency).amount_minor


def ordinary_basket(pick: OfferPick, facts: OfferFacts) -> Money:
    """Give the smallest basket of an offer that takes nothing off: the median, raised for the discount-sensitive."""
    if pick.min_spend_minor is not None:
        return Money(amount_minor=pick.min_spend_minor, currency=facts.currency)
    percent = CAUTIOUS_FACTOR_PERCENT.get(pick.cohort, 100)
    return round_up(-(-basket(pick, facts) * percent // 100), facts.currency)


def credit_terms(pick: OfferPick, facts: OfferFacts) -> tuple[Money, Money] | Blocked:
    """Give the credit and its smallest basket, or say that the cohort may have nothing taken off.

    The largest amount whose basket stays within reach is taken; the basket is the highest of the cohort's own, the
    one that holds the discount ceiling and the one that holds the price floor.
    """
    if pick.min_spend_minor is None and _most_off(pick, facts) <= 0:
        return Blocked(
            rule="discount_ceiling",
            code="no_discount_for_cohort",
            message=f"The discount ceiling leaves nothing to take off for {pick.cohort}; offer points or early access.",
            limit="0",
        )
    choices = AMOUNTS if pick.amount_minor is None else ()
    for dollars in choices:
        amount = nominal(dollars, facts.currency)
        spend = _min_spend(amount.amount_minor, pick, facts)
        if spend.amount_minor <= REACH_FACTOR * basket(pick, facts):
            return amount, spend
    chosen = nominal(AMOUNTS[-1], facts.currency).amount_minor if pick.amount_minor is None else pick.amount_minor
    return Money(amount_minor=chosen, currency=facts.currency), _min_spend(chosen, pick, facts)


def _min_spend(amount_minor: int, pick: OfferPick, facts: OfferFacts) -> Money:
    if pick.min_spend_minor is not None:
        return Money(amount_minor=pick.min_spend_minor, currency=facts.currency)
    most = _most_off(pick, facts)
    held = int(amount_minor / most) + 1 if most > 0 else 0
    return round_up(max(held, ordinary_basket(pick, facts).amount_minor), facts.currency)


def _most_off(pick: OfferPick, facts: OfferFacts) -> float:
    return min(facts.ceilings.get(pick.cohort, 0.0), 1.0 - facts.min_price_ratio)
