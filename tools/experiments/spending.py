"""Alpha spending: how much of the error probability may be used up by which part of the experiment."""

from scipy.special import ndtr, ndtri


def obrien_fleming(share: float, alpha: float) -> float:
    """Give the two-sided alpha spent by a `share` in (0, 1] of the experiment, hardly any of it early.

    Source: Lan and DeMets 1983, Discrete sequential boundaries for clinical trials, Biometrika 70, alpha*_1; each
    side spends half of alpha, so the sum over both is 4 (1 - Phi(z_{alpha/4} / sqrt(share))).
    """
    return float(4 * ndtr(ndtri(alpha / 4) / min(share, 1.0) ** 0.5))
