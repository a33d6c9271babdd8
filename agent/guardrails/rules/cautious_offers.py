"""Discount-sensitive buyers: a higher threshold, or credit on high-margin categories only (S2-42)."""

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase
from memory.domain.guardrails import Guardrails
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
        rich = {each.category for each in facts.categories if (each.margin_rate or 0.0) > (facts.margin_rate or 0.0)}
        found = []
        for offer in plan.offers:
            if "discount_sensitive" not in offer.limits.cohorts or offer.incentive.kind not in PRICE_OFF:
                continue
            held = bool(offer.limits.categories) and set(offer.limits.categories) <= rich
            if offer.limits.min_spend.amount_minor <= median and not held:
                message = (
                    f"{offer.id} asks for {offer.limits.min_spend}, not above the median basket of the "
                    f"discount-sensitive, on goods of ordinary margin; raise it or hold it to rich categories."
                )
                found.append(self.reason("threshold_too_low", message, path=f"offers.{offer.id}", limit=median,
                                         actual=offer.limits.min_spend.amount_minor))  # fmt: skip
        return tuple(found)


RULE = CautiousOffersRule()
