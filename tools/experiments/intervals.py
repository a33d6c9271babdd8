"""Intervals for shares, means and ratios from sufficient statistics; each names its source."""

import math
from statistics import NormalDist

from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable

WILSON = "Wilson score (Wilson 1927)"
NEWCOMBE = "hybrid score (Newcombe 1998, Statistics in Medicine 17, method 10)"
KATZ = "log ratio (Katz et al. 1978, Biometrics 34)"
WELCH = "Welch t (Welch 1947)"
DELTA = "delta method over people (Deng et al. 2018, Applying the delta method in metric analytics, KDD)"


class Mean:
    """A mean with the variance of that mean, from count, sum and sum of squares."""

    def __init__(self, n: int, total: float, squares: float) -> None:
        """Take `n` people with this sum and sum of squares; needs n >= 2."""
        self.n = n
        self.value = total / n
        self.error = max(0.0, (squares - total * total / n) / (n - 1)) / n

    @classmethod
    def of(cls, n: int, value: float, error: float) -> "Mean":
        """Take a mean whose variance `error` is known already."""
        mean = cls(n, n * value, n * value * value)
        mean.value, mean.error = value, error
        return mean


def wilson(hits: int, n: int, level: float = 0.95) -> Interval:
    """Give the Wilson interval of a share; needs n >= 1."""
    low, high = _wilson_ends(hits, n, normal_quantile(level))
    return Interval(estimate=hits / n, low=low, high=high, level=level, method=WILSON)


def share_difference(hits: int, n: int, other_hits: int, other_n: int, level: float = 0.95) -> Interval:
    """Give the difference of two shares with Newcombe's hybrid score interval."""
    z = normal_quantile(level)
    (low, high), (other_low, other_high) = _wilson_ends(hits, n, z), _wilson_ends(other_hits, other_n, z)
    share, other = hits / n, other_hits / other_n
    gap = share - other
    return Interval(
        estimate=gap,
        low=gap - math.hypot(share - low, other_high - other),
        high=gap + math.hypot(high - share, other - other_low),
        level=level,
        method=NEWCOMBE,
    )


def share_ratio(hits: int, n: int, other_hits: int, other_n: int, level: float = 0.95) -> Estimate:
    """Give the relative lift `share / other share - 1` with Katz's log interval."""
    if hits == 0 or other_hits == 0:
        return NotEstimable(code="too_few_buyers", message="A relative lift needs buyers in both arms.")
    ratio = (hits / n) / (other_hits / other_n)
    width = normal_quantile(level) * math.sqrt(1 / hits - 1 / n + 1 / other_hits - 1 / other_n)
    ends = ratio * math.exp(-width) - 1, ratio * math.exp(width) - 1
    return Interval(estimate=ratio - 1, low=ends[0], high=ends[1], level=level, method=KATZ)


def mean_interval(mean: Mean, level: float = 0.95) -> Interval:
    """Give one mean with its t interval."""
    width = _t(level, mean.n - 1) * math.sqrt(mean.error)
    return Interval(estimate=mean.value, low=mean.value - width, high=mean.value + width, level=level, method=WELCH)


def mean_difference(mean: Mean, other: Mean, level: float = 0.95) -> Estimate:
    """Give the difference of two means with Welch's interval."""
    error = mean.error + other.error
    if error <= 0:
        return NotEstimable(code="no_variance", message="Everyone has the same value; a difference has no spread.")
    freedom = error**2 / (mean.error**2 / (mean.n - 1) + other.error**2 / (other.n - 1))
    gap, width = mean.value - other.value, _t(level, freedom) * math.sqrt(error)
    return Interval(estimate=gap, low=gap - width, high=gap + width, level=level, method=WELCH)


def scaled(estimate: Estimate, factor: float, note: str = "") -> Estimate:
    """Multiply an estimate and its ends by a known positive factor."""
    if isinstance(estimate, NotEstimable):
        return estimate

    return estimate.model_copy(
        update={
            "estimate": estimate.estimate * factor,
            "low": estimate.low * factor,
            "high": estimate.high * factor,
            "method": estimate.method + note,
        }
    )


def normal_interval(value: float, error: float, method: str, level: float = 0.95) -> Interval:
    """Give `value` with a normal interval of variance `error`."""
    width = normal_quantile(level) * math.sqrt(error)
    return Interval(estimate=value, low=value - width, high=value + width, level=level, method=method)


def _wilson_ends(hits: int, n: int, z: float) -> tuple[float, float]:
    share, z2 = hits / n, z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    width = z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - width), min(1.0, middle + width)


def normal_quantile(level: float) -> float:
    """Give the z that leaves out half of 1 - `level` on each side."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def _t(level: float, freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + level / 2))
