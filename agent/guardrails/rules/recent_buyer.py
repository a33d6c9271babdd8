"""No promotional push to who has just bought; service, receipts and pages are not blocked (S2-43, traps 1 and 10)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, above, tightest
from agent.guardrails.rule import Limits, RuleBase, is_push, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

if TYPE_CHECKING:
    import ibis.expr.types as ir


class RecentBuyerRule(RuleBase):
    """Days after an order without promotional pushes."""

    id = "recent_buyer"
    columns = ("message_class", "channel", "last_order_at", "send_at")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block promotional steps dated inside the window after the peak's last day."""
        first = plan.peak_until + timedelta(days=guardrails.recent_buyer_days + 1)
        return tuple(
            self.reason(
                "inside_recent_buyer_window",
                f"{step.id} is promotional and due on {step.due_on}; people bought until {plan.peak_until}, so the "
                f"first day is {first}.",
                path=step_path(journey.cohort, step.id),
                limit=first,
                actual=step.due_on,
            )
            for journey in plan.journeys
            for step in journey.steps
            if step.message_class == "promotional" and set(step.channels) != {"onpage"} and step.due_on < first
        )

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give how many days after the window the first promotional step is due."""
        first = plan.peak_until + timedelta(days=guardrails.recent_buyer_days + 1)
        return tightest(
            [
                above(step_path(journey.cohort, step.id), "days", (step.due_on - plan.peak_until).days,
                      (first - plan.peak_until).days)
                for journey in plan.journeys
                for step in journey.steps
                if step.message_class == "promotional" and set(step.channels) != {"onpage"}
            ]
        )  # fmt: skip

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block promotional pushes within the window after a person's last order; who never ordered is not."""
        seconds = candidates.send_at.epoch_seconds() - candidates.last_order_at.epoch_seconds()
        recent = candidates.last_order_at.notnull() & (seconds < limits.guardrails.recent_buyer_days * 86400)
        return (candidates.message_class == "promotional") & is_push(candidates) & recent


RULE = RecentBuyerRule()
