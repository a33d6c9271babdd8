"""Means over rows of people, with intervals from drawing people again."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from memory.domain.experiment import Interval

N_RESAMPLES = 2_000
METHOD = "percentile bootstrap over people, 2,000 resamples (Efron and Tibshirani 1993)"


class Means(NamedTuple):
    """Means over rows of people and how much the first is ahead, with intervals over resamples of people."""

    alone: dict[str, Interval]
    """Each mean by its name."""
    ahead: dict[str, Interval]
    """The first less each other one, over the same resamples."""


def over_people(person: Any, values: Mapping[str, Any], seed: int) -> Means:
    """Give means of columns of numbers; `person` says whose each row is, numbered from 0."""
    draws = _resampled(person, np.stack([*values.values(), np.ones(len(person))]), seed)
    means = dict(zip(values, draws[:-1] / draws[-1], strict=True))
    first, *later = values
    return Means(
        {name: _interval(float(values[name].mean()), means[name]) for name in values},
        {name: _interval(float((values[first] - values[name]).mean()), means[first] - means[name]) for name in later},
    )


def _resampled(person: Any, values: Any, seed: int) -> Any:
    """Give per resample of people the sums of the rows of `values`: people are drawn, with all of their baskets."""
    n = int(person.max()) + 1
    sums = np.stack([np.bincount(person, weights=row, minlength=n) for row in values])
    rng = np.random.default_rng(seed)
    return np.stack([sums @ np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(N_RESAMPLES)], axis=1)


def _interval(estimate: float, draws: Any) -> Interval:
    low, high = np.quantile(draws, (0.025, 0.975))
    return Interval(estimate=round(estimate, 5), low=round(float(low), 5), high=round(float(high), 5), method=METHOD)
