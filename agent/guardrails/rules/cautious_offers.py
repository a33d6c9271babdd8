"""Discount-sensitive buyers: a higher threshold, or credit on high-margin categories only (S2-42)."""

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, money_room, tightest
from agent.guardrails.rule import RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money
from memory.domain.offer import Offer
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

PRICE_OFF = ("discount", "store_credit")


class CautiousOffersRule(RuleBase):
    """Price cuts for the discount-sensitive ask for more than the usual basket, or hold for rich categories."""

    id = "cautious_offers"
    needs = ("cohorts", "categories", "margin_rate")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a price cut whose basket is not above the median and whose goods are ordinary."""
        median = facts.cohort("discount_sensitive").median_basket_minor
        found = []
        for offer in plan.offers:
            if not _is_cut(offer):
                continue
            if offer.limits.min_spend.amount_minor <= median and not _is_held(offer, facts):
                message = (
                    f"{offer.id} asks for {offer.limits.min_spend}, not above the median basket of the "
                    f"discount-sensitive, on goods of ordinary margin; raise it or hold it to rich categories."
                )
                found.append(self.reason("threshold_too_low", message, path=f"offers.{offer.id}", limit=median,
                                         actual=offer.limits.min_spend.amount_minor))  # fmt: skip
        return tuple(found)

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give what the smallest basket of a price cut asks for above the usual one, where goods are not held."""
        median = facts.cohort("discount_sensitive").median_basket_minor
        bound = [offer for offer in plan.offers if _is_cut(offer) and not _is_held(offer, facts)]
        return tightest(
            [
                money_room(f"offers.{offer.id}", Money(amount_minor=median, currency=facts.shop.currency),
                           offer.limits.min_spend)
                for offer in bound
                if offer.limits.min_spend.currency == facts.shop.currency
            ]
        )  # fmt: skip


def _is_cut(offer: Offer) -> bool:
    return "discount_sensitive" in offer.limits.cohorts and offer.incentive.kind in PRICE_OFF


def _is_held(offer: Offer, facts: PlanFacts) -> bool:
    """Say whether it holds for categories of more than the shop's margin only."""
    rich = {each.category for each in facts.categories if (each.margin_rate or 0.0) > (facts.margin_rate or 0.0)}
    return bool(offer.limits.categories) and set(offer.limits.categories) <= rich


RULE = CautiousOffersRule()
