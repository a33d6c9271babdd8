"""The day-14 review of a live plan: does it reach people, does it harm, what does it spend, go on or not."""

from datetime import date
from typing import Literal

from .base import Count, Frozen, Instant, MinorUnits, Rate
from .experiment import Estimate
from .money import Currency
from .release import ReleaseRule

Proposal = Literal["continue", "reduce", "stop", "over"]
"""What to do with the plan; past its last day there is nothing to continue."""
ReviewRule = Literal[
    "withheld_people_messaged", "complaints", "bounces", "unsubscribes", "lift_below_zero", "overspent", "none_broken"
]
HARM = ReleaseRule()
"""What counts as harm: the shares at which a staged release stops, and the messages below which none shows."""
OVERSPEND = 1.1
"""Spending beyond so many times what was planned by now proposes to reduce; a judgement."""


class CohortHealth(Frozen):
    """What messages to one cohort met with."""

    cohort: str
    """Which; empty for all of them."""
    n_sent: Count
    """Messages that left."""
    n_delivered: Count
    """Those a provider said had arrived; providers that say nothing leave it at 0."""
    n_bounced: Count
    """Those that came back."""
    n_complained: Count
    """Those somebody complained about."""
    n_left: Count
    """Those somebody unsubscribed through."""

    def rate(self, n: int) -> Rate:
        """Give a count per message that left; 0 before any."""
        return min(1.0, n / self.n_sent) if self.n_sent else 0.0


class PlanReview(Frozen):
    """One review."""

    plan_id: str
    """The plan."""
    title: str
    """What people call it."""
    currency: Currency
    """Of all sums."""
    as_of: Instant
    """The instant it is read at."""
    day: Count
    """Days since the plan's day 0; the review is meant for day 14."""
    health: tuple[CohortHealth, ...]
    """All people first, then per cohort."""
    reach_planned: Count
    """Messages that steps due by now were expected to send."""
    reach_actual: Count
    """Messages that left."""
    spend_planned_minor: MinorUnits
    """Expected cost of those steps."""
    spend_actual_minor: MinorUnits
    """What they cost so far, as the lift report counts."""
    rpr_difference_pp: Estimate
    """Incremental repeat purchase rate so far, valid on any day, or why there is none."""
    n_repeat_treated: Count
    """People of the treated arm with a further order."""
    n_repeat_control: Count
    """The same of the control group."""
    readable_on: date | None
    """About when it can be read; null where it can be, or nobody can say."""
    proposal: Proposal
    """What we propose."""
    rule: ReviewRule
    """The first rule that was broken, in the order stop before reduce."""
    evidence: str
    """The figure the rule was held against, free of words: `4/900` messages, `3` people, `[-4.0, -1.0]` points, `115%`
    of the spend planned; empty where no rule was broken."""
    evidence_cohort: str
    """Whose figure it is; empty for all people."""
