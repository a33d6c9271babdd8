"""A control group of the smallest size or more, and nothing for those in it (S2-16, I11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, above, below
from agent.guardrails.rule import Limits, RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

if TYPE_CHECKING:
    import ibis.expr.types as ir


class HoldoutRule(RuleBase):
    """The share withheld."""

    id = "holdout"
    columns = ("arm",)

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a control group below the smallest share, and one of more than half."""
        rate, least = plan.holdout.rate, guardrails.min_holdout_rate
        if not rate >= least:
            message = f"The control group is {rate:.1%}; at least {least:.1%} is withheld."
            return (self.reason("holdout_too_small", message, path="holdout.rate", limit=least, actual=rate),)
        if rate > MOST:
            message = f"The control group is {rate:.1%}; more than {MOST:.0%} leaves too few people to reach."
            return (self.reason("holdout_too_large", message, path="holdout.rate", limit=MOST, actual=rate),)
        return ()

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give the share above the smallest and below the largest control group."""
        rate = plan.holdout.rate
        return (
            above("holdout.rate", "rate", rate, guardrails.min_holdout_rate),
            below("holdout.rate", "rate", rate, MOST),
        )

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block everyone who is not surely in the treated arm."""
        return ~(candidates.arm == "treated")


MOST = 0.5
"""Largest control group."""
RULE = HoldoutRule()
