"""No id twice, no message twice on a day."""

from collections import Counter
from collections.abc import Hashable
from typing import TypeVar

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

Value = TypeVar("Value", bound=Hashable)


class DuplicatesRule(RuleBase):
    """Ids are unique, and a cohort gets a kind at most once a day."""

    id = "duplicates"

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block repeated ids and repeated messages."""
        ids = {
            "steps": [step.id for step in plan.steps()],
            "offers": [offer.id for offer in plan.offers],
            "journeys": [journey.id for journey in plan.journeys],
        }
        same = [(journey.cohort, step.kind, step.day) for journey in plan.journeys for step in journey.steps]
        return (
            *(
                self.reason("id_twice", f"{name} holds {each} twice.", path=name, actual=each)
                for name, values in ids.items()
                for each in _twice(values)
            ),
            *(
                self.reason("message_twice", f"{cohort} gets {kind} twice on day {day}.", path=f"journeys.{cohort}")
                for cohort, kind, day in _twice(same)
            ),
        )


def _twice(values: list[Value]) -> list[Value]:
    return [value for value, count in Counter(values).items() if count > 1]


RULE = DuplicatesRule()
