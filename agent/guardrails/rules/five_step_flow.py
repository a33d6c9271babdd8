"""Confirmation, shipping, usage guide, review, second incentive: present or waived with a reason (S1-19)."""

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.message import SECOND_INCENTIVES, MessageKind
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

FLOW: dict[str, tuple[MessageKind, ...]] = {
    "order_confirmation": ("order_confirmation",),
    "shipping_notice": ("shipping_notice",),
    "usage_guide": ("care_guide",),
    "review_request": ("review_invitation",),
    "second_incentive": SECOND_INCENTIVES,
}
"""Which kinds count as which step of the flow."""


class FiveStepFlowRule(RuleBase):
    """A flow doesn't end with the confirmation."""

    id = "five_step_flow"

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a journey that lacks a step and gives no reason."""
        return tuple(
            self.reason(
                "flow_step_missing",
                f"The journey of {journey.cohort} has no {name.replace('_', ' ')}; add {kinds[0]} or waive it with "
                f"a reason.",
                path=f"journeys.{journey.cohort}",
                limit=", ".join(kinds),
                actual=name,
            )
            for journey in plan.journeys
            for name, kinds in FLOW.items()
            if not any(step.kind in kinds for step in journey.steps) and not journey.waived.get(name, "").strip()
        )


RULE = FiveStepFlowRule()
