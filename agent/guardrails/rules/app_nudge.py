"""The app is nudged only where it matters, lightly (S2-52)."""

from itertools import pairwise

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, above, tightest
from agent.guardrails.rule import RuleBase, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

LEAST_DAYS = 30
"""Between two nudges."""


class AppNudgeRule(RuleBase):
    """Off unless the brief says that the app matters; at most one in 30 days."""

    id = "app_nudge"

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block unwanted and repeated nudges."""
        found = []
        for journey in plan.journeys:
            nudges = [step for step in journey.steps if step.kind == "app_nudge"]
            for position, step in enumerate(nudges):
                path = step_path(journey.cohort, step.id)
                if not plan.brief.app_priority:
                    message = f"{step.id} nudges to the app, which the brief doesn't call important."
                    found.append(self.reason("app_not_important", message, path=path))
                elif position and step.day - nudges[position - 1].day < LEAST_DAYS:
                    message = f"{step.id} nudges to the app again within {LEAST_DAYS} days."
                    found.append(self.reason("nudge_too_often", message, path=path, limit=LEAST_DAYS))
        return tuple(found)

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give the days between two nudges above the fewest."""
        days = [(journey.cohort, [step.day for step in journey.steps if step.kind == "app_nudge"])
                for journey in plan.journeys]  # fmt: skip
        return tightest(
            [
                above(f"journeys.{cohort}", "days", later - earlier, LEAST_DAYS)
                for cohort, nudges in days
                for earlier, later in pairwise(nudges)
            ]
        )


RULE = AppNudgeRule()
