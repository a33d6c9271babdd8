"""Looks at any time: an asymptotic confidence sequence, kept honest for small arms.

Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, Time-uniform central limit theory and asymptotic confidence
sequences, Annals of Statistics 52, theorem 2.2: with probability 1 - alpha a mean lies within
s sqrt(2 (t rho^2 + 1) / (t rho)^2 * log(sqrt(t rho^2 + 1) / alpha)) of its estimate at all times t together, after a
first look that is not too early. Four things keep that true for the usual 10 % holdout, measured in `eval.looks`: t is
the harmonic n (the smaller arm counts), the variance is pooled, nothing is read before 50 buyers in the smaller arm,
and, in those simulations, revenue is capped at an amount set beforehand; reports read shares here, which need no cap.
"""

import math

import numpy as np

from memory.domain.errors import InvalidInput
from memory.domain.evidence import AnytimeReadout
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable

from .arms import ArmMean, Arms, Floats, both, difference, pooled_error, welch_error
from .gate import Calendar, refusal

METHOD = "asymptotic confidence sequence (Waudby-Smith et al. 2024)"


def anytime(
    treated: ArmMean,
    control: ArmMean,
    progress: float,
    *,
    alpha: float = 0.05,
    calendar: Calendar | None = None,
) -> AnytimeReadout | NotEstimable:
    """Compare the arms now, however often it was done before.

    `progress` is the information (such as `planned.window_information`) over that expected at the
    end; the interval is narrowest at 1 and it may go beyond. It must be planned beforehand: tuning it afterwards to
    what was seen breaks the promise. Raises `InvalidInput` where it is not above 0.
    """
    too_early = refusal(treated, control, calendar)
    if too_early is not None:
        return too_early
    if progress <= 0:
        raise InvalidInput(
            what="The progress", why=f"{progress} is not above 0", remedy="Divide the information by that planned."
        )
    arms = both(treated, control)
    pooled, welch = float(pooled_error(arms)), float(welch_error(arms))
    times = float(multiplier(np.float64(progress), alpha))
    z = float(difference(arms)) / pooled
    return AnytimeReadout(
        crosses=abs(z) >= times,
        p_value=float(always_valid_p(np.float64(z), np.float64(progress), alpha)),
        difference=_interval(arms, times * pooled, 1 - alpha, "; pooled variance"),
        welch=_interval(arms, times * welch, 1 - alpha, "; each arm's own variance"),
    )


def multiplier(progress: Floats | np.float64, alpha: float = 0.05) -> Floats:
    """Give how many standard errors wide the sequence is at `progress` (any shape); 3.02 at 1 for alpha 0.05."""
    r = progress * _tuning(alpha)
    return np.asarray(np.sqrt(2 * (r + 1) / r * (0.5 * np.log1p(r) - math.log(alpha))))


def always_valid_p(z: Floats | np.float64, progress: Floats | np.float64, alpha: float = 0.05) -> Floats:
    """Give the least level at which the sequence tuned for `alpha` leaves out zero; at most 1."""
    r = progress * _tuning(alpha)
    return np.asarray(np.minimum(1.0, np.exp(0.5 * np.log1p(r) - z * z * r / (2 * (r + 1)))))


def _tuning(alpha: float) -> float:
    """Give rho^2 times the information at which the width is least (the paper's appendix B.2, approximate optimum)."""
    return -2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)


def _interval(arms: Arms, width: float, level: float, note: str) -> Interval:
    gap = float(difference(arms))
    return Interval(estimate=gap, low=gap - width, high=gap + width, level=level, method=METHOD + note)
