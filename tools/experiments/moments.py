"""Moments: counts, means and cross products of several columns per arm, all that adjusted comparisons need.

They come from one grouped scan (`moment_sums`) or from arrays, and parts add up: days, cohorts, shards.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Moments(NamedTuple):
    """n people, the means of k columns, and the k x k sums of products of deviations from these means."""

    columns: tuple[str, ...]
    """The outcome first, then covariates."""
    n: int
    """People assigned, whatever was sent."""
    mean: Floats
    """Shape (k,)."""
    scatter: Floats
    """Shape (k, k)."""

    @property
    def variance(self) -> float:
        """The outcome's variance between people."""
        return float(self.scatter[0, 0]) / (self.n - 1)


def moments(columns: Mapping[str, npt.ArrayLike]) -> Moments:
    """Take arrays of equal length, one value per assigned person; needs at least one person."""
    values = np.stack([np.asarray(column, dtype=np.float64) for column in columns.values()])
    mean = values.mean(axis=1)
    apart = values - mean[:, None]
    return Moments(tuple(columns), values.shape[1], mean, apart @ apart.T)


def merged(left: Moments, right: Moments) -> Moments:
    """Add two parts of one arm (Chan, Golub, LeVeque 1983, The American Statistician 37)."""
    n = left.n + right.n
    gap = right.mean - left.mean
    scatter = left.scatter + right.scatter + np.outer(gap, gap) * (left.n * right.n / n)
    return Moments(left.columns, n, left.mean + gap * (right.n / n), scatter)


def moment_sums(people: ir.Table, by: Sequence[str], columns: Sequence[str]) -> ir.Table:
    """Give an expression with one row per group: n, the sum of each column, the sum of each product of two.

    `people` has one row per assigned person; a missing value counts as 0, as for someone who bought nothing.
    """
    values = {name: people[name].cast("float64").fill_null(0.0) for name in columns}
    sums: dict[str, Any] = {"n": people.count()}
    sums |= {f"sum_{name}": value.sum() for name, value in values.items()}
    for index, left in enumerate(columns):
        for right in columns[index:]:
            sums[f"sum_{left}_{right}"] = (values[left] * values[right]).sum()
    return people.group_by(*by).aggregate(**sums).order_by(*by)


def from_sums(row: Mapping[str, Any], columns: Sequence[str]) -> Moments:
    """Take one row of `moment_sums`; in doubles, so a mean over a million times its spread loses digits."""
    n = int(row["n"])
    mean = np.array([row[f"sum_{name}"] for name in columns], dtype=np.float64) / n
    scatter = np.empty((len(columns), len(columns)))
    for index, left in enumerate(columns):
        for other in range(index, len(columns)):
            value = row[f"sum_{left}_{columns[other]}"] - n * mean[index] * mean[other]
            scatter[index, other] = scatter[other, index] = value
    return Moments(tuple(columns), n, mean, scatter)
