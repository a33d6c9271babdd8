"""No offer takes more off than its cohort's ceiling; the VIP's is the lowest (S2-41, trap 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, below, tightest
from agent.guardrails.rule import Limits, RuleBase
from memory.domain.cohort import COHORTS
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

if TYPE_CHECKING:
    import ibis.expr.types as ir


class DiscountCeilingRule(RuleBase):
    """Largest discount rate per cohort; a cohort without a ceiling gets none."""

    id = "discount_ceiling"
    columns = ("cohort", "discount_rate")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block an offer above the ceiling of any cohort that may use it."""
        return tuple(
            self.reason(
                "above_ceiling",
                f"{offer.id} takes {offer.discount_rate:.1%} off for {cohort}; the ceiling is {ceiling:.1%}.",
                path=f"offers.{offer.id}",
                limit=ceiling,
                actual=offer.discount_rate,
            )
            for offer in plan.offers
            for cohort in offer.limits.cohorts
            if not offer.discount_rate <= (ceiling := guardrails.discount_ceiling.get(cohort, 0.0))
        )

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give the rate below the ceiling of the offer and cohort with the least."""
        ceilings = guardrails.discount_ceiling
        return tightest(
            [
                below(f"offers.{offer.id}", "rate", offer.discount_rate, ceilings.get(cohort, 0.0))
                for offer in plan.offers
                if offer.discount_rate > 0
                for cohort in offer.limits.cohorts
            ]
        )

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block rows above their cohort's ceiling."""
        import ibis

        ceilings = limits.guardrails.discount_ceiling
        branches = [(candidates.cohort == cohort, ibis.literal(ceilings.get(cohort, 0.0))) for cohort in COHORTS]
        return ~(candidates.discount_rate <= ibis.cases(*branches, else_=0.0))


RULE = DiscountCeilingRule()
