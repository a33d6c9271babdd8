"""Seasonal reactivation leads back to what people looked at; it takes nothing off the price (S2-56)."""

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan


class SeasonalOffersRule(RuleBase):
    """No discount on a seasonal message."""

    id = "seasonal_offers"

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a seasonal step whose offer lowers the price."""
        found = []
        for journey in plan.journeys:
            for step in journey.steps:
                offer = plan.offer(step.offer_id) if step.offer_id else None
                if step.kind != "seasonal_reactivation" or offer is None or offer.incentive.kind != "discount":
                    continue
                message = (
                    f"{step.id} carries the discount {offer.id}; a seasonal message goes out without one. "
                    "Leave the offer out, or carry it on a discount step."
                )
                path = step_path(journey.cohort, step.id)
                found.append(self.reason("seasonal_discount", message, path=path, actual=offer.id))
        return tuple(found)


RULE = SeasonalOffersRule()
