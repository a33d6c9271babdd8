"""Go on, reduce or stop: the rules of the day-14 review, in order; the first one broken decides."""

from typing import NamedTuple

from memory.domain.experiment import Estimate, Interval
from memory.domain.review import HARM, OVERSPEND, CohortHealth, Proposal, ReviewRule


class Judged(NamedTuple):
    """What a review proposes."""

    proposal: Proposal
    """Go on, reduce or stop."""
    rule: ReviewRule
    """Why."""
    evidence: str
    """The figure the rule was held against, free of words."""
    cohort: str = ""
    """Whose figure it is; empty for all people."""


def propose(
    health: tuple[CohortHealth, ...], n_leaked: int, lift: Estimate, spent_minor: int, planned_minor: int
) -> Judged:
    """Judge a plan by harm first, money next. A lift that cannot be read yet argues for nothing."""
    if n_leaked:
        return Judged("stop", "withheld_people_messaged", str(n_leaked))
    whole = health[0]
    if _is_too_much(whole.n_complained, whole.n_sent, HARM.max_complaint_rate):
        return Judged("stop", "complaints", _share(whole, whole.n_complained))
    if isinstance(lift, Interval) and lift.high < 0:
        return Judged("stop", "lift_below_zero", f"[{lift.low:+.1f}, {lift.high:+.1f}]")
    for one in health:
        for rule, n, most in _reducing(one):
            if _is_too_much(n, one.n_sent, most):
                return Judged("reduce", rule, _share(one, n), one.cohort)
    if planned_minor > 0 and spent_minor > OVERSPEND * planned_minor:
        return Judged("reduce", "overspent", f"{spent_minor / planned_minor:.0%}")
    return Judged("continue", "none_broken", "")


def _reducing(one: CohortHealth) -> tuple[tuple[ReviewRule, int, float], ...]:
    return (
        ("complaints", one.n_complained, HARM.max_complaint_rate),
        ("bounces", one.n_bounced, HARM.max_bounce_rate),
        ("unsubscribes", one.n_left, HARM.max_unsubscribe_rate),
    )


def _is_too_much(n: int, n_sent: int, most: float) -> bool:
    return n_sent >= HARM.min_messages and n > most * n_sent


def _share(one: CohortHealth, n: int) -> str:
    return f"{n}/{one.n_sent}"
