"""Alpha spending: how much of the error probability may be used up by which part of the experiment."""

from collections.abc import Callable
from math import e, log

from scipy.special import ndtr, ndtri

Spending = Callable[[float, float], float]
"""From a share of the experiment in (0, 1] and the two-sided alpha to the alpha spent so far."""


def obrien_fleming(share: float, alpha: float) -> float:
    """Give alpha spent by `share`, hardly any of it early.

    Source: Lan and DeMets 1983, Discrete sequential boundaries for clinical trials, Biometrika 70, alpha*_1; each
    side spends half of alpha, so the sum over both is 4 (1 - Phi(z_{alpha/4} / sqrt(share))).
    """
    return float(4 * ndtr(ndtri(alpha / 4) / min(share, 1.0) ** 0.5))


def pocock(share: float, alpha: float) -> float:
    """Give alpha spent by `share`, about evenly: alpha ln(1 + (e - 1) share) (Lan and DeMets 1983, alpha*_2)."""
    return float(alpha * log(1 + (e - 1) * min(share, 1.0)))
