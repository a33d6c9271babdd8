"""Intervals of one look made to hold at all looks.

Where an estimate is asymptotically normal, the confidence sequence of `anytime` is its one-look interval with another
number of standard errors: `multiplier(progress)` in the place of 1.96 (Waudby-Smith et al. 2024, theorem 2.2, applied
to the linear part of the estimate).
"""

import math

import numpy as np

from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable

from .anytime import multiplier
from .intervals import normal_quantile

NOTE = "; widened to hold at any look (Waudby-Smith et al. 2024)"


def at_any_look(estimate: Estimate, progress: float, *, is_ratio: bool = False) -> Estimate:
    """Widen an interval by the sequence's multiplier; a reason stays a reason.

    `progress` is the information so far over that expected at the end. `is_ratio` marks a relative lift, whose interval
    is symmetric on the scale of log(1 + lift).
    """
    if isinstance(estimate, NotEstimable):
        return estimate
    times = quantile(progress, 1 - estimate.level) / normal_quantile(estimate.level)
    ends = _ratio_ends(estimate, times) if is_ratio else _ends(estimate, times)
    return estimate.model_copy(update={"low": ends[0], "high": ends[1], "method": estimate.method + NOTE})


def quantile(progress: float, alpha: float = 0.05) -> float:
    """Give how many standard errors the sequence is wide."""
    return float(multiplier(np.float64(max(progress, 1e-9)), alpha))


def _ends(one: Interval, times: float) -> tuple[float, float]:
    return one.estimate - times * (one.estimate - one.low), one.estimate + times * (one.high - one.estimate)


def _ratio_ends(one: Interval, times: float) -> tuple[float, float]:
    middle, low, high = (math.log1p(value) for value in (one.estimate, one.low, one.high))
    return math.expm1(middle - times * (middle - low)), math.expm1(middle + times * (high - middle))
