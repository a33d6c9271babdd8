"""What adjusting for the past saves on real purchases: `python -m eval.looks.cdnow FILE`.

FILE is the CDNOW sample (columns sample_id, date, value as Parquet): 2,357 people who first bought in early 1997. The
first 39 weeks give six covariates, the 39 weeks after are the outcome. The six were picked after several sets had been
tried on this same sample, so what they save here is somewhat flattered. An A/A test splits the same people at random
again and again, so that the true difference is 0.
"""

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from memory.domain.errors import NotFound
from memory.domain.outcome import NotEstimable
from tools.experiments.cuped import adjusted
from tools.experiments.moments import Moments, moments

FIRST_DAY, WEEKS = "1997-01-01", 39
COVARIATES = ("n_orders_13_weeks", "n_orders_26_weeks", "n_orders", "recency_days", "age_days", "log_spend")
OUTCOMES = ("repeats", "orders", "spend")
GOALS = {"repeats": 0.22, "orders": 0.43}
"""Variance cuts measured on all 23,570 people of CDNOW; this file holds a tenth of them."""

Floats = npt.NDArray[np.float64]
Columns = dict[str, Floats]


class Cut(NamedTuple):
    """How much variance the adjustment takes out of one outcome."""

    outcome: str
    """Which."""
    cut: float
    """Share of the variance within arms."""
    low: float
    """2.5th percentile over resamples of people."""
    high: float
    """97.5th percentile."""


class Splits(NamedTuple):
    """Random splits of the same people, where the true difference is 0."""

    bias_in_errors: float
    """Mean adjusted difference over its Monte Carlo standard error; within ±3 where there is no bias."""
    covered: float
    """Share of adjusted 95 % intervals that hold 0."""
    cut: float
    """1 - variance of the adjusted differences over that of the plain ones, over all splits."""


def columns(path: Path) -> Columns:
    """Read the file into one row per person: covariates from before the split day, outcomes from after it."""
    if not path.is_file():
        raise NotFound(kind="file", id=str(path))
    lines = ibis.memtable(_table(path))
    days = lines.group_by("sample_id", "date").agg(value=lines["value"].sum())
    first = ibis.date(FIRST_DAY)
    days = days.mutate(day=(days.date.epoch_seconds() - first.epoch_seconds()) / 86_400)
    split = WEEKS * 7
    before, after = days.day < split, days.day >= split
    people = days.group_by("sample_id").agg(
        n_orders_13_weeks=((days.day >= split - 91) & before).sum(),
        n_orders_26_weeks=((days.day >= split - 182) & before).sum(),
        n_orders=before.sum(),
        last=days.day.max(where=before),
        first=days.day.min(),
        spent=days["value"].sum(where=before),
        repeats=after.any().cast("int64"),
        orders=after.sum(),
        spend=days["value"].sum(where=after).fill_null(0.0),
    )
    people = people.mutate(
        recency_days=people["last"] - people["first"],
        age_days=split - people["first"],
        log_spend=(people.spent + 1).log(),
    )
    found = people.select(*COVARIATES, *OUTCOMES, "sample_id").order_by("sample_id").to_pyarrow()
    return {name: found[name].to_numpy().astype(np.float64) for name in (*COVARIATES, *OUTCOMES)}


def cut(people: Columns, outcome: str, n_resamples: int, seed: int) -> Cut:
    """Measure one outcome's variance cut, with a percentile bootstrap over people."""
    rng = np.random.default_rng(seed)
    n = len(people[outcome])
    draws = [_cut_of(people, outcome, rng.integers(0, n, n)) for _ in range(n_resamples)]
    low, high = np.quantile(draws, (0.025, 0.975))
    return Cut(outcome, _cut_of(people, outcome, np.arange(n)), float(low), float(high))


def splits(people: Columns, outcome: str, n_splits: int, seed: int) -> Splits:
    """Split people in halves at random `n_splits` times and compare the halves."""
    rng = np.random.default_rng(seed)
    n = len(people[outcome])
    plain, better, covered = np.empty(n_splits), np.empty(n_splits), 0
    for index in range(n_splits):
        order = rng.permutation(n)
        found = adjusted(_moments(people, outcome, order[: n // 2]), _moments(people, outcome, order[n // 2 :]))
        assert not isinstance(found, NotEstimable)
        plain[index], better[index] = found.plain.estimate, found.difference.estimate
        covered += found.difference.low <= 0 <= found.difference.high
    error = better.std(ddof=1) / n_splits**0.5
    return Splits(float(better.mean() / error), covered / n_splits, float(1 - better.var() / plain.var()))


def _cut_of(people: Columns, outcome: str, rows: npt.NDArray[np.int64]) -> float:
    """Give the cut with both arms alike in size; which half someone is in makes no difference to it but noise."""
    found = adjusted(_moments(people, outcome, rows[::2]), _moments(people, outcome, rows[1::2]))
    assert not isinstance(found, NotEstimable)
    return found.variance_cut_rate


def _moments(people: Columns, outcome: str, rows: npt.NDArray[np.int64]) -> Moments:
    return moments({name: people[name][rows] for name in (outcome, *COVARIATES)})


def _table(path: Path) -> pa.Table:
    from pyarrow import parquet

    return parquet.read_table(path, columns=["sample_id", "date", "value"])


def main(words: list[str]) -> int:
    """Print both tables; 1 where an A/A test shows bias or the cut of the repeat indicator is below its goal."""
    parser = argparse.ArgumentParser(prog="eval.looks.cdnow", description=__doc__)
    parser.add_argument("file", type=Path, help="the CDNOW sample as Parquet")
    parser.add_argument("--splits", type=int, default=1_000, help="random splits, and resamples")
    parser.add_argument("--seed", type=int, default=20251206, help="where chance comes from")
    asked = parser.parse_args(words)
    people = columns(asked.file)
    n = len(people["orders"])
    sys.stdout.write(f"Variance cut of {n:,} people, {len(COVARIATES)} covariates: {', '.join(COVARIATES)}\n")
    sys.stdout.write(
        "| outcome | cut | 95 % | bias in standard errors | covered | cut over splits |\n|---|---|---|---|---|---|\n"
    )
    failed = False
    for outcome in OUTCOMES:
        found = cut(people, outcome, asked.splits, asked.seed)
        same = splits(people, outcome, asked.splits, asked.seed)
        sys.stdout.write(
            f"| {outcome} | {found.cut:.1%} | {found.low:.1%} to {found.high:.1%} | {same.bias_in_errors:+.2f} "
            f"| {same.covered:.3f} | {same.cut:.1%} |\n"
        )
        failed |= abs(same.bias_in_errors) > 3 or found.cut < GOALS.get(outcome, 0.0) * (outcome == "repeats")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
