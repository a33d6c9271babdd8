"""Intervals for shares and means, and when there are too few people for either."""

from math import sqrt

from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable

Z95 = 1.959963984540054
MIN_PEOPLE = 30
"""Below so many people or orders a figure is withheld."""


def wilson(n_hits: int, n: int) -> Interval:
    """Give the share `n_hits / n` with its 95 % score interval (Wilson 1927, JASA 22); `n` is at least 1."""
    rate, z2 = n_hits / n, Z95 * Z95
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(rate * (1 - rate) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Interval(
        estimate=rate, low=min(rate, max(0.0, middle - half)), high=max(rate, min(1.0, middle + half)), method="wilson"
    )


def mean(n: int, total: float, total_squared: float) -> Interval:
    """Give a mean with its 95 % normal interval from count, sum and sum of squares; `n` is at least 2."""
    centre = total / n
    variance = max(0.0, (total_squared - n * centre * centre) / (n - 1))
    half = Z95 * sqrt(variance / n)
    return Interval(estimate=centre, low=centre - half, high=centre + half, method="normal, n-1 variance")


def too_few(n: int, what: str, at_least: int = MIN_PEOPLE) -> NotEstimable | None:
    """Give the refusal where there are fewer than `at_least` of `what`."""
    if n >= at_least:
        return None
    return NotEstimable(code="too_few_people", message=f"{n} {what}; a figure needs at least {at_least}.")
