"""One plan touches at most so many people: the blast radius."""

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, below
from agent.guardrails.rule import RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan


class ReachRule(RuleBase):
    """Most people one plan may touch, and that its cohorts are the ones in the data."""

    id = "reach"
    needs = ("cohorts",)

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a plan whose journeys reach too many, counted once per cohort (cohorts don't overlap)."""
        reached = _reached(plan)
        found = []
        if reached > guardrails.max_reach:
            message = f"The plan touches {reached} people; at most {guardrails.max_reach} are allowed."
            found.append(self.reason("too_many_people", message, path="journeys", limit=guardrails.max_reach,
                                     actual=reached))  # fmt: skip
        if plan.cohorts != facts.cohorts:
            message = "The plan's cohorts are not those of the data it was checked on; draft it again."
            found.append(self.reason("cohorts_differ", message, path="cohorts"))
        return tuple(found)

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give how many more people the plan could touch."""
        return (below("journeys", "people", _reached(plan), guardrails.max_reach),)


def _reached(plan: Plan) -> int:
    return sum(
        max((step.expected_reach for step in journey.steps if step.owner == "us"), default=0)
        for journey in plan.journeys
    )


RULE = ReachRule()
