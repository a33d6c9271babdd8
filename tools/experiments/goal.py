"""How likely a goal is reached by the end of its window, if orders keep coming at the pace so far.

The total S after d of D days is a compound Poisson sum whose variance is the sum of squares Q (Ross 2014, Introduction
to Probability Models, section 5.4.2). The rest of the window adds S r with r = (D - d) / d; its spread is Q r for what
happens and Q r^2 for the pace itself, which was only estimated. The chance is the normal tail beyond the target.
"""

import math
from statistics import NormalDist

from memory.domain.outcome import NotEstimable

from .arms import ArmMean
from .gate import Calendar, arm_refusal

MIN_ARRIVALS = 50
"""New customers below which their share says too little of the pace; a judgement, as for buyers."""


def chance_of(total: float, squares: float, n_people: int, target: float, done: float) -> float:
    """Give the probability that total / n_people reaches `target` at the end; `done` is the share that is over."""
    rest = (1 - done) / done
    gap = total * (1 + rest) - target * n_people
    spread = math.sqrt(squares * rest * (1 + rest))
    if spread <= 0:
        return 1.0 if gap >= 0 else 0.0
    return NormalDist().cdf(gap / spread)


def share_chance(n_counted: int, n_all: int, target: float, done: float) -> float | NotEstimable:
    """Give the chance that n_counted / n_all, a share of arrivals, ends at `target` or above; or why there is none.

    Each arrival adds its surplus over the target, 1 - target or -target, to a sum that has to end at 0 or above.
    """
    if n_all < MIN_ARRIVALS:
        said = f"There are {n_all} new customers so far; from {MIN_ARRIVALS} on their share says something."
        return NotEstimable(code="too_few_people", message=said)
    if done <= 0:
        return NotEstimable(code="window_open", message="The first day of the window is not over.")
    surplus = n_counted - target * n_all
    squares = n_counted * (1 - target) ** 2 + (n_all - n_counted) * target**2
    return chance_of(surplus, squares, 1, 0.0, done)


def goal_chance(
    arm: ArmMean, total: float, squares: float, target: float, done: float, calendar: Calendar
) -> float | NotEstimable:
    """Give the chance of the treated arm, or why there is none: fewer than 50 buyers say too little of the pace."""
    refused = arm_refusal(arm, "treated", calendar)
    if refused is not None:
        return refused
    if done <= 0:
        return NotEstimable(code="window_open", message="The first day of the window is not over.")
    return chance_of(total, squares, arm.n_people, target, done)
