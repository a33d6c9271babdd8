"""No two cohorts get the same list of steps (S2-60)."""

from itertools import combinations

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase
from memory.domain.cohort import COHORTS
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Journey, Plan


class DistinctJourneysRule(RuleBase):
    """Separate journeys for first-time, reactivated, VIP and discount-sensitive buyers."""

    id = "distinct_journeys"

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block journeys that say the same things in the same order, and a cohort without or with two journeys."""
        found = [
            self.reason(
                "same_journey",
                f"{first.cohort} and {second.cohort} get the same steps; make them differ.",
                path=f"journeys.{second.cohort}",
                actual=first.cohort,
            )
            for first, second in combinations(plan.journeys, 2)
            if _content(plan, first) == _content(plan, second)
        ]
        if sorted(journey.cohort for journey in plan.journeys) != sorted(COHORTS):
            message = f"Every cohort needs exactly one journey: {', '.join(COHORTS)}."
            found.append(self.reason("journeys_missing", message, path="journeys"))
        return tuple(found)


def _content(plan: Plan, journey: Journey) -> tuple[tuple[str, str], ...]:
    """What is said, in order: kinds and incentives of the steps we send; days alone make no difference."""
    return tuple(
        (step.kind, offer.incentive.kind if step.offer_id and (offer := plan.offer(step.offer_id)) else "")
        for step in journey.steps
        if step.owner == "us"
    )


RULE = DistinctJourneysRule()
