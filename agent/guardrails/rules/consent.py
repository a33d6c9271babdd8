"""Only who permits a channel is reached on it; read at hand-off, not at planning (S2-62)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, below, tightest
from agent.guardrails.rule import Limits, RuleBase, is_push, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

if TYPE_CHECKING:
    import ibis.expr.types as ir


class ConsentRule(RuleBase):
    """No push without permission for its channel."""

    id = "consent"
    needs = ("people",)
    columns = ("message_class", "channel", "has_consent")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a step that counts on more people than permit one of its channels."""
        found = []
        for journey in plan.journeys:
            for step in journey.steps:
                most = facts.n_reached(journey.cohort, step.channels, excluded=plan.brief.excluded)
                if step.owner == "us" and step.message_class != "transactional" and step.expected_reach > most:
                    message = f"{step.id} counts on {step.expected_reach} people; {most} permit one of its channels."
                    path = step_path(journey.cohort, step.id)
                    found.append(self.reason("reach_without_consent", message, path=path, limit=most,
                                             actual=step.expected_reach))  # fmt: skip
        return tuple(found)

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give how many more people of a cohort permit a channel than the step counts on, where that is least."""
        return tightest(
            [
                below(step_path(journey.cohort, step.id), "people", step.expected_reach,
                      facts.n_reached(journey.cohort, step.channels, excluded=plan.brief.excluded))
                for journey in plan.journeys
                for step in journey.steps
                if step.owner == "us" and step.message_class != "transactional"
            ]
        )  # fmt: skip

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block pushes other than receipts without consent."""
        return (candidates.message_class != "transactional") & is_push(candidates) & ~candidates.has_consent


RULE = ConsentRule()
