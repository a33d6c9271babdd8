"""Reactivated buyers get newest goods and their categories, never a broad promotion (S2-40)."""

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

PRICE_OFF = ("discount", "store_credit")


class BroadPromoRule(RuleBase):
    """A broad promotion cuts prices on all goods for everyone in the cohort."""

    id = "broad_promo"

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block broad promotions to reactivated buyers."""
        found = []
        for journey in plan.journeys:
            for step in journey.steps:
                if journey.cohort != "reactivated":
                    continue
                offer = plan.offer(step.offer_id) if step.offer_id else None
                cuts = offer is not None and offer.incentive.kind in PRICE_OFF
                is_broad = cuts and offer is not None and not offer.limits.categories and step.audience is None
                if step.kind == "discount_offer" or is_broad:
                    message = f"{step.id} is a broad promotion to reactivated buyers; hold it to their categories."
                    path = step_path(journey.cohort, step.id)
                    found.append(self.reason("broad_promotion", message, path=path, actual=step.kind))
        return tuple(found)


RULE = BroadPromoRule()
