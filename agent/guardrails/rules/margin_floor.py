"""The worst order keeps the margin floor; with the price floor the stricter wins (DC-03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, above, tightest
from agent.guardrails.rule import Limits, RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

if TYPE_CHECKING:
    import ibis.expr.types as ir


class MarginFloorRule(RuleBase):
    """Smallest margin over price of the worst order."""

    id = "margin_floor"
    columns = ("worst_margin_rate", "offer_id", "message_kind")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block every offer whose worst order is below the floor; an offer that gives nothing away is left alone."""
        return tuple(
            self.reason(
                "below_margin_floor",
                f"The worst order with {offer.id} leaves a margin of {offer.worst_margin_rate:.1%}; "
                f"{guardrails.min_margin_rate:.1%} is the floor.",
                path=f"offers.{offer.id}",
                limit=guardrails.min_margin_rate,
                actual=offer.worst_margin_rate,
            )
            for offer in plan.offers
            if offer.incentive.kind != "early_access" and not offer.worst_margin_rate >= guardrails.min_margin_rate
        )

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give the margin above the floor of the offer with the least."""
        costly = [offer for offer in plan.offers if offer.incentive.kind != "early_access"]
        floor = guardrails.min_margin_rate
        return tightest([above(f"offers.{offer.id}", "rate", offer.worst_margin_rate, floor) for offer in costly])

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block rows with a costly offer below the floor; a row without an offer gives no margin away."""
        gives = (candidates.offer_id != "") & (candidates.message_kind != "early_access")
        return gives & ~(candidates.worst_margin_rate >= limits.guardrails.min_margin_rate)


RULE = MarginFloorRule()
