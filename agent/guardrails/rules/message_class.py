"""The class is set by the kind in code; marketing never travels as a receipt (B5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import Limits, RuleBase, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.message import MESSAGE_CLASS
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan, Step

if TYPE_CHECKING:
    import ibis.expr.types as ir

MAY_CARRY_POINTS = ("review_invitation",)
"""Service kinds that may carry points for their own action; any other offer makes a message promotional."""


class MessageClassRule(RuleBase):
    """A step's class is its kind's; receipts and care carry no offer."""

    id = "message_class"
    columns = ("message_kind", "message_class", "offer_id")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a wrong class, and offers where none may be."""
        return tuple(
            reason
            for journey in plan.journeys
            for step in journey.steps
            for reason in self._wrong(plan, step, step_path(journey.cohort, step.id))
        )

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block rows whose class is not their kind's, and offers in receipts and care."""
        import ibis

        pairs = [(candidates.message_kind == kind, ibis.literal(of)) for kind, of in MESSAGE_CLASS.items()]
        wrong = ~(candidates.message_class == ibis.cases(*pairs, else_="unknown"))
        dressed = candidates.message_class.isin(["transactional", "service"]) & ~candidates.message_kind.isin(
            list(MAY_CARRY_POINTS)
        )
        return wrong | (dressed & ~(candidates.offer_id == ""))

    def _wrong(self, plan: Plan, step: Step, path: str) -> list[Blocked]:
        found, right = [], MESSAGE_CLASS[step.kind]
        if step.message_class != right:
            message = f"{step.id} says {step.kind}, which is {right}, not {step.message_class}."
            found.append(self.reason("wrong_class", message, path=path, limit=right, actual=step.message_class))
        offer = plan.offer(step.offer_id) if step.offer_id else None
        if offer is None or right in ("promotional", "on_page"):
            return found
        if step.kind not in MAY_CARRY_POINTS or offer.incentive.kind != "bonus_points":
            message = f"{step.id} is {right} and carries {offer.id}; only promotional messages carry offers."
            found.append(self.reason("offer_in_disguise", message, path=path, limit=right, actual=offer.incentive.kind))
        return found


RULE = MessageClassRule()
