"""Arms as a test reads them: how many people, the mean outcome per assigned person, its variance, how many buyers.

The unit is the person assigned, whatever was sent (intention to treat): someone never messaged, bounced or opted out
still counts in their arm, with an outcome of 0 where nothing was bought.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from memory.domain.experiment import ArmSums

Floats = npt.NDArray[np.float64]


class ArmMean(NamedTuple):
    """One arm's outcome, from counts and sums alone."""

    n_people: int
    """People assigned."""
    mean: float
    """Mean outcome per assigned person."""
    variance: float
    """Variance of the outcome between people (not of the mean)."""
    n_buyers: int
    """People with a non-zero outcome."""

    @classmethod
    def of_share(cls, n_people: int, n_buyers: int) -> "ArmMean":
        """Take the share of people who bought."""
        share = n_buyers / n_people if n_people else 0.0
        return cls(n_people, share, share * (1 - share) * n_people / max(n_people - 1, 1), n_buyers)

    @classmethod
    def of_sums(cls, n_people: int, total: float, squares: float, n_buyers: int) -> "ArmMean":
        """Take an amount per person from its sum and sum of squares."""
        mean = total / n_people if n_people else 0.0
        return cls(n_people, mean, max(0.0, squares - total * mean) / max(n_people - 1, 1), n_buyers)


def repeats(sums: ArmSums) -> ArmMean:
    """Give the share with a further order."""
    return ArmMean.of_share(sums.n_people, sums.n_repeat)


def revenue(sums: ArmSums) -> ArmMean:
    """Give revenue per assigned person, in minor units."""
    return ArmMean.of_sums(sums.n_people, sums.revenue_minor, sums.revenue_squared, sums.n_repeat)


def margin(sums: ArmSums) -> ArmMean | None:
    """Give margin per assigned person, in minor units; None where costs of goods are unknown."""
    if sums.margin_minor is None or sums.margin_squared is None:
        return None
    return ArmMean.of_sums(sums.n_people, sums.margin_minor, sums.margin_squared, sums.n_repeat)


class Arms(NamedTuple):
    """Both arms at one look; arrays of equal shape hold many experiments at once."""

    n: tuple[Floats, Floats]
    """People, treated and control."""
    mean: tuple[Floats, Floats]
    """Means."""
    variance: tuple[Floats, Floats]
    """Variances between people."""


def both(treated: ArmMean, control: ArmMean) -> Arms:
    """Give two arms in the form that the array functions take."""
    n, mean, variance = (
        (np.asarray(left, dtype=np.float64), np.asarray(right, dtype=np.float64))
        for left, right in zip(treated[:3], control[:3], strict=True)
    )
    return Arms(n, mean, variance)


def harmonic_n(n_treated: Floats | float, n_control: Floats | float) -> Floats:
    """Give n1 n0 / (n1 + n0): the people's worth of information in a difference, ruled by the smaller arm."""
    return np.asarray(n_treated * n_control / (n_treated + n_control), dtype=np.float64)


def pooled_error(arms: Arms) -> Floats:
    """Give the standard error of the difference where both arms are draws from one population (score form).

    The variance is that of all people around the common mean. For shares it is p (1 - p) / harmonic n with the pooled
    p. It assumes equal spread under the null; `welch_error` does not.
    """
    (n1, n0), (m1, m0), (v1, v0) = arms
    n, h = n1 + n0, harmonic_n(n1, n0)
    pooled = ((n1 - 1) * v1 + (n0 - 1) * v0 + h * (m1 - m0) ** 2) / (n - 1)
    return np.sqrt(pooled / h)


def welch_error(arms: Arms) -> Floats:
    """Give the standard error of the difference with each arm's own variance (Welch 1947, Biometrika 34)."""
    (n1, n0), _, (v1, v0) = arms
    return np.sqrt(v1 / n1 + v0 / n0)


def difference(arms: Arms) -> Floats:
    """Give treated minus control."""
    return arms.mean[0] - arms.mean[1]
