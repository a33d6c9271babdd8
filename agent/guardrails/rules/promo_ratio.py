"""Value beside promotion: care without an immediate return keeps its share (S1-41)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, below, tightest
from agent.guardrails.rule import Limits, RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Journey, Plan

if TYPE_CHECKING:
    import ibis.expr.types as ir

FIRST_COUNTED = 3
"""From which message of a person on the share is read; below it one message would be everything."""


class PromoRatioRule(RuleBase):
    """Largest share of promotional messages among promotional and service messages."""

    id = "promo_ratio"
    columns = ("message_class", "n_promotional", "n_value")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a journey with too much promotion."""
        found = []
        for journey in plan.journeys:
            promotional, service = _counted(journey)
            share = promotional / max(promotional + service, 1)
            if share > guardrails.max_promo_share:
                message = (
                    f"{promotional} of {promotional + service} messages to {journey.cohort} are promotional "
                    f"({share:.0%}); at most {guardrails.max_promo_share:.0%} may be. Add care or remove promotion."
                )
                found.append(self.reason("too_much_promotion", message, path=f"journeys.{journey.cohort}",
                                         limit=guardrails.max_promo_share, actual=round(share, 4)))  # fmt: skip
        return tuple(found)

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give the share below the limit of the journey with the least."""
        shares = [(journey.cohort, *_counted(journey)) for journey in plan.journeys]
        most = guardrails.max_promo_share
        return tightest(
            [
                below(f"journeys.{cohort}", "rate", round(promotional / max(promotional + service, 1), 4), most)
                for cohort, promotional, service in shares
            ]
        )

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block a promotional message that would push a person's share above the limit."""
        promotional = candidates.n_promotional + 1
        n_all = promotional + candidates.n_value
        above = promotional > n_all * limits.guardrails.max_promo_share
        return (candidates.message_class == "promotional") & (n_all >= FIRST_COUNTED) & above


def _counted(journey: Journey) -> tuple[int, int]:
    """Give how many promotional and service messages of ours a journey holds."""
    classes = [step.message_class for step in journey.steps if step.owner == "us"]
    return classes.count("promotional"), classes.count("service")


RULE = PromoRatioRule()
