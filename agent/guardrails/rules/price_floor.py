"""The price paid never falls below the floor, everything redeemable together counted (DC-03)."""

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


class PriceFloorRule(RuleBase):
    """Smallest price paid over list price."""

    id = "price_floor"
    columns = ("price_ratio",)

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block every offer below the floor."""
        return tuple(
            self.reason(
                "below_price_floor",
                f"With {offer.id} and what can be redeemed beside it people pay {offer.price_ratio:.1%} of the list "
                f"price; at least {guardrails.min_price_ratio:.1%} is asked.",
                path=f"offers.{offer.id}",
                limit=guardrails.min_price_ratio,
                actual=offer.price_ratio,
            )
            for offer in plan.offers
            if not offer.price_ratio >= guardrails.min_price_ratio
        )

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give the price above the floor of the offer with the least."""
        floor = guardrails.min_price_ratio
        return tightest([above(f"offers.{offer.id}", "rate", offer.price_ratio, floor) for offer in plan.offers])

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block rows below the floor."""
        return ~(candidates.price_ratio >= limits.guardrails.min_price_ratio)


RULE = PriceFloorRule()
