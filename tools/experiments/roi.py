"""Return on cost with an interval, where the cost varies between people as the margin does.

Fieller 1954, Some problems in interval estimation, JRSS B 16: the ratios rho for which a - rho b is not distinguishable
from 0. Where b itself is not distinguishable from 0 that set has no ends, and there is no figure to give.
"""

import math

from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable

from .intervals import normal_quantile
from .moments import Moments

METHOD = "Fieller 1954"
_NO_COST = NotEstimable(
    code="denominator_near_zero",
    message="The cost per person cannot be told from 0, so a return on it means nothing; read it once more is spent.",
)


def roi(treated: Moments, control: Moments, level: float = 0.95, *, quantile: float | None = None) -> Estimate:
    """Give incremental margin over cost from moments whose columns are margin and cost per assigned person.

    The margin is treated minus control; the cost is what the treated arm cost per person, messaged or not. `quantile`
    is how many standard errors the interval is wide where it has to hold at more than one look.
    """
    if min(treated.n, control.n) < 2:
        return NotEstimable(code="too_few_people", message="An arm has fewer than two people.")
    added = float(treated.mean[0] - control.mean[0])
    within = treated.scatter / (treated.n - 1) / treated.n
    cost, times = float(treated.mean[1]), normal_quantile(level) if quantile is None else quantile
    ends = fieller(
        added,
        float(within[0, 0]) + control.variance / control.n,
        cost,
        float(within[1, 1]),
        float(within[0, 1]),
        times,
    )
    if ends is None or cost <= 0:
        return _NO_COST
    return Interval(estimate=added / cost, low=ends[0], high=ends[1], level=level, method=METHOD)


def fieller(
    a: float, a_variance: float, b: float, b_variance: float, covariance: float, quantile: float
) -> tuple[float, float] | None:
    """Give the ends of the interval for a / b, or None where it is unbounded because b is not clear of 0."""
    square = quantile * quantile
    lead = b * b - square * b_variance
    if lead <= 0:
        return None
    half = a * b - square * covariance
    last = a * a - square * a_variance
    root = math.sqrt(max(0.0, half * half - lead * last))
    return (half - root) / lead, (half + root) / lead
