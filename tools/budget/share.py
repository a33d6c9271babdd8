"""What a plan makes of the post-purchase share, and how much money its step of the path leaves."""

from datetime import date

from memory.domain.base import Frozen, MinorUnits, Rate
from memory.domain.guardrails import BudgetShare

from .audit import BudgetAudit
from .path import PERIOD_DAYS, share_path, step_on


class ShareRoom(Frozen):
    """The step of the path a plan falls in."""

    period_minor: MinorUnits
    """The whole marketing budget of 90 days."""
    present_minor: MinorUnits
    """What of it is post-purchase today."""
    present_rate: Rate
    """The same as a share."""
    min_rate: Rate
    """Smallest share in the step."""
    max_rate: Rate
    """Largest share in the step."""
    is_above: bool
    """Whether today's share is above the step: then a plan is paid out of running post-purchase money."""

    def share_with(self, plan_minor: int) -> float:
        """Give the share with a plan of that size, moved over from acquisition (rounded to 6 decimals)."""
        running = 0 if self.is_above else self.present_minor
        spent = max(running + plan_minor, self.present_minor)
        if self.period_minor <= 0:  # nothing to share: any plan is more than all of it
            return 1.0 if spent > 0 else 0.0
        return min(round(spent / self.period_minor, 6), 1.0)

    @property
    def most_minor(self) -> int:
        """The largest plan that stays in the step."""
        running = 0 if self.is_above else self.present_minor
        return max(int(self.period_minor * self.max_rate + 1e-6) - running, 0)


def share_room(audit: BudgetAudit, rules: BudgetShare, anchor_on: date) -> ShareRoom | None:
    """Give the room of a plan that begins on `anchor_on`; none where neither ledger nor period budget is known.

    A period without money, or with more taken back than spent, leaves no room at all (B7).
    """
    period = _period_minor(audit, rules)
    if period is not None and period <= 0:
        return ShareRoom(period_minor=0, present_minor=0, present_rate=0.0, min_rate=0.0, max_rate=0.0, is_above=False)
    present = 0.0 if audit.post_share_rate is None else audit.post_share_rate
    if period is None or (audit.post_share_rate is None and not rules.path):
        return None
    step = step_on(share_path(present, rules, anchor_on), anchor_on)
    if step is None:
        return None
    return ShareRoom(
        period_minor=period,
        present_minor=int(period * present),
        present_rate=present,
        min_rate=step.min_rate,
        max_rate=step.max_rate,
        is_above=present >= step.max_rate,
    )


def _period_minor(audit: BudgetAudit, rules: BudgetShare) -> int | None:
    if rules.period_budget is not None:
        return rules.period_budget.amount_minor
    if audit.period_from is None or audit.period_until is None:
        return None
    days = (audit.period_until - audit.period_from).days + 1
    return audit.total_minor * PERIOD_DAYS // max(days, 1)
