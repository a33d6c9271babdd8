"""The post-purchase share of the marketing budget stays in the step of its path (S1-53, S1-54, trap 12)."""

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, above, below
from agent.guardrails.rule import RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan
from tools.budget.share import share_room


class BudgetShareRule(RuleBase):
    """A plan is held to the step of the path its first day falls in; the band is the path's end."""

    id = "budget_share"
    needs = ("audit",)

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a share outside the step; without a ledger and without a path nothing can be held to it."""
        room = share_room(facts.audit, guardrails.budget_share, plan.anchor_on)
        if room is None:
            return ()
        share = room.share_with(plan.budget.total.amount_minor)
        if plan.budget.share_rate != share:
            return (
                self.reason(
                    "share_misstated",
                    f"The plan states a share of {plan.budget.share_rate}, its money makes it {share}.",
                    path="budget.share_rate",
                    limit=share,
                    actual=plan.budget.share_rate,
                ),
            )
        if room.min_rate <= share <= room.max_rate:
            return ()
        return (
            self.reason(
                "outside_path_step",
                f"With this plan {share:.1%} of the marketing budget would be post-purchase; the step from "
                f"{room.present_rate:.1%} allows {room.min_rate:.1%} to {room.max_rate:.1%}, so a plan of at most "
                f"{Money(amount_minor=room.most_minor, currency=plan.budget.total.currency)}.",
                path="budget.total",
                limit=f"{room.min_rate}..{room.max_rate}",
                actual=share,
            ),
        )

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give the share between the ends of the path's step; none where nothing can be held to it."""
        room = share_room(facts.audit, guardrails.budget_share, plan.anchor_on)
        if room is None:
            return ()
        share = room.share_with(plan.budget.total.amount_minor)
        return (
            below("budget.share_rate", "rate", share, room.max_rate),
            above("budget.share_rate", "rate", share, room.min_rate),
        )


RULE = BudgetShareRule()
