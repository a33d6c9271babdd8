"""An exact test of two shares that can be watched all the time: a product of e values, one per day.

Turner, Ly and Gruenwald 2024, Generic E-variables for exact sequential k-sample tests that allow for optional
stopping, Journal of Statistical Planning and Inference 230 (theorem 1), and Turner and Gruenwald 2023, Exact
anytime-valid confidence intervals for contingency tables and beyond, Statistics and Probability Letters 198.

A day with n1 treated and n0 control people contributes
S = prod p(outcome; guess of its arm) / p(outcome; nearest point of the null),
where the guesses come from earlier days only (beta prior 0.18, 0.18 per arm, the papers' choice) and the nearest point
minimises the Kullback-Leibler divergence. Under any point of the null E[S] <= 1: log E[S] is concave in the two
shares, is 0 at the nearest point, and its slope there towards any other point of a convex null is not positive, for
that is what nearest means. So the running product exceeds 1 / alpha with probability at most alpha, whatever the day
of the look, the size of the arms or of the days, and even if the common share changes from day to day.
"""

import numpy as np
import numpy.typing as npt

from memory.domain.evidence import ExactEvidence, ExactReadout
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable

from .arms import Floats

METHOD = "exact 2x2 e-process (Turner, Gruenwald 2023)"
PRIOR = 0.18
_GRID, _LARGEST_E = 1_001, 1e12


def exact(
    n: tuple[Floats, Floats], buyers: tuple[Floats, Floats], *, alpha: float = 0.05
) -> ExactReadout | NotEstimable:
    """Compare two shares day by day; `n` and `buyers` hold (treated, control), each an array of people new that day.

    The interval is for people who join over time, each with a complete outcome. Where everyone joined at once, give
    as `n` those who had not bought before the day: the test then holds, and the interval is that of the daily chance.
    """
    found = evidence(n, buyers, alpha=alpha)
    if isinstance(found, NotEstimable):
        return found
    return ExactReadout(**dict(found), difference=_interval(n, buyers, alpha))


def evidence(
    n: tuple[Floats, Floats], buyers: tuple[Floats, Floats], *, alpha: float = 0.05
) -> ExactEvidence | NotEstimable:
    """Give the test alone, without the interval; arguments as for `exact`."""
    if not float(n[0].sum()) or not float(n[1].sum()):
        return NotEstimable(
            code="no_control_group",
            message="One arm is empty, so nothing can be compared; set a holdout in the next plan.",
        )
    largest = float(np.exp(np.minimum(log_e(n, buyers).max(), np.log(_LARGEST_E))))
    return ExactEvidence(
        e_value=largest, needed=1 / alpha, p_value=min(1.0, 1.0 / largest), crosses=largest >= 1 / alpha
    )


def log_e(n: tuple[Floats, Floats], buyers: tuple[Floats, Floats], gap: Floats | float = 0.0) -> Floats:
    """Give the log e value against `share treated - share control = gap` after every day.

    Days are the last axis; leading axes (experiments, or several `gap`) broadcast.
    """
    guess = _guess(n[0], buyers[0]), _guess(n[1], buyers[1])
    gaps = np.asarray(gap, dtype=np.float64)
    nearest = _common(n, guess) if not gaps.any() else _nearest(n, guess, gaps)
    daily = sum(
        hits * (np.log(ours) - np.log(null)) + (people - hits) * (np.log1p(-ours) - np.log1p(-null))
        for people, hits, ours, null in zip(n, buyers, guess, nearest, strict=True)
    )
    return np.cumsum(daily, axis=-1)


def _guess(n: Floats, buyers: Floats) -> Floats:
    """Give the mean of the beta posterior from the days before each."""
    hits, people = (np.cumsum(one, axis=-1) - one for one in (buyers, n))
    return np.asarray((hits + PRIOR) / (people + 2 * PRIOR))


def _common(n: tuple[Floats, Floats], guess: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    total = np.maximum(n[0] + n[1], 1e-300)
    share = (n[0] * guess[0] + n[1] * guess[1]) / total
    share = np.where(n[0] + n[1] > 0, share, 0.5)
    return share, share


def _nearest(n: tuple[Floats, Floats], guess: tuple[Floats, Floats], gap: Floats) -> tuple[Floats, Floats]:
    """Give the point (control + gap, control) nearest to the guesses, by halving the interval of its slope's root."""
    shape = np.broadcast_shapes(gap.shape, guess[0].shape)
    low = np.broadcast_to(np.maximum(0.0, -gap), shape).astype(np.float64)
    high = np.broadcast_to(np.minimum(1.0, 1.0 - gap), shape).astype(np.float64)
    for _ in range(52):
        middle = (low + high) / 2
        first = middle + gap
        slope = _pull(n[0], guess[0], first) + _pull(n[1], guess[1], middle)
        low, high = np.where(slope > 0, middle, low), np.where(slope > 0, high, middle)
    control = np.clip((low + high) / 2, 1e-15, 1 - 1e-15)
    return np.clip(control + gap, 1e-15, 1 - 1e-15), control


def _pull(n: Floats, guess: Floats, at: Floats) -> npt.NDArray[np.float64]:
    return np.asarray(n * (guess - at) / np.maximum(at * (1 - at), 1e-30))


def _interval(n: tuple[Floats, Floats], buyers: tuple[Floats, Floats], alpha: float) -> Interval:
    """Give the hull of the gaps never rejected so far, outwards to the next grid point, twice refined."""
    estimate = float(buyers[0].sum() / n[0].sum() - buyers[1].sum() / n[1].sum())
    low, high = -1.0, 1.0
    for _ in range(3):
        grid = np.linspace(low, high, _GRID)
        inner = np.clip(grid, -1 + 1e-9, 1 - 1e-9)
        kept = grid[log_e(n, buyers, inner[:, None]).max(axis=-1) < -np.log(alpha)]
        step = (high - low) / (_GRID - 1)
        left, right = (float(kept.min()), float(kept.max())) if kept.size else (estimate, estimate)
        low, high = max(-1.0, min(left, estimate) - step), min(1.0, max(right, estimate) + step)
    return Interval(estimate=estimate, low=low, high=high, level=1 - alpha, method=METHOD)
