"""An incentive can be redeemed within its goal's window (trap 11: a January credit drives no order in December)."""

from datetime import timedelta

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.offer import Offer, StoreCredit
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan


class GoalWindowRule(RuleBase):
    """The goal's window against the redemption window."""

    id = "goal_window"

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block an offer that opens after its goal's window or never."""
        return tuple(reason for offer in plan.offers if (reason := self._late(offer)) is not None)

    def _late(self, offer: Offer) -> Blocked | None:
        limits, incentive = offer.limits, offer.incentive
        opens = limits.valid_from
        if isinstance(incentive, StoreCredit) and incentive.redeemable_from is not None:
            opens = max(opens, incentive.redeemable_from)
        ends = min(limits.valid_until, limits.valid_from + timedelta(days=offer.goal.within_days))
        if opens < ends or (opens == ends and opens == limits.valid_from):
            return None
        message = (
            f"{offer.id} wants {offer.goal.action} within {offer.goal.within_days} days of {limits.valid_from} but can "
            f"be redeemed from {opens} until {limits.valid_until} only."
        )
        return self.reason("window_mismatch", message, path=f"offers.{offer.id}", limit=ends, actual=opens)


RULE = GoalWindowRule()
