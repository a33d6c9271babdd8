"""No discount push to first-time buyers in weeks 1 and 2 (S2-39)."""

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

PRICE_OFF = ("discount", "store_credit")


class PhaseOneRule(RuleBase):
    """Onboarding first: the on-page code and points for a review are allowed, price cuts are not pushed."""

    id = "phase_one_no_discount_push"

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block price cuts pushed to first-time buyers before day 14."""
        found = []
        for journey in plan.journeys:
            for step in journey.steps:
                offer = plan.offer(step.offer_id) if step.offer_id else None
                cuts = step.kind == "discount_offer" or (offer is not None and offer.incentive.kind in PRICE_OFF)
                is_early = journey.cohort == "first_time" and step.phase == "stabilise"
                if cuts and is_early and set(step.channels) != {"onpage"}:
                    message = f"{step.id} pushes a price cut to first-time buyers in week {step.day // 7 + 1}."
                    path = step_path(journey.cohort, step.id)
                    found.append(self.reason("discount_push_in_phase_one", message, path=path, limit="from day 14",
                                             actual=step.day))  # fmt: skip
        return tuple(found)


RULE = PhaseOneRule()
