"""Journeys and steps withheld by themselves, against known truth: `python -m eval.looks.withheld --runs 4000`.

One journey and four of its steps, each with a fifth of the same people withheld; shares with an order and margin per
person are tested together. Says 1 where, two standard errors of the runs allowed for, a test without an effect is
called different from zero in more than 5 % of runs, or the margin's interval covers the truth in less than 94 %.
"""

import argparse
import sys
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from memory.domain.experiment import Interval
from tools.experiments.arms import ArmMean
from tools.experiments.corrected import corrected
from tools.experiments.intervals import Mean, mean_difference

N_PARTS, BASELINE, WITHHELD = 5, 0.12, 0.2
BASKET, SIGMA = 3_000.0, 1.0
"""Median margin of one buyer in minor units, and the spread of its logarithm."""

Floats = npt.NDArray[np.float64]


class Withheld(NamedTuple):
    """Shares of runs."""

    any_false: float
    """Some part without effect was called different from zero, by its share or its margin."""
    any_uncorrected: float
    """The same by plain p values."""
    found: float
    """The first part was called different from zero, by either."""
    found_uncorrected: float
    """The same by plain p values."""
    margin_covered: float
    """Intervals of margin that held the truth."""


def withheld(n_runs: int, seed: int, n_people: int = 6_000, effect: float = 0.0) -> Withheld:
    """Simulate readings at the end; the first part adds `effect` to the share of its people who order."""
    rng = np.random.default_rng(seed)
    truth = np.array([effect * BASKET * np.exp(SIGMA**2 / 2), *[0.0] * (N_PARTS - 1)])
    rows = []
    for _ in range(n_runs):
        is_out = rng.random((N_PARTS, n_people)) < WITHHELD
        buys = rng.random(n_people) < BASELINE + np.where(is_out[0], 0.0, effect)
        margin = np.where(buys, BASKET * np.exp(SIGMA * rng.standard_normal(n_people)), 0.0)
        arms = [_arms(values, out) for out in is_out for values in (buys.astype(np.float64), margin)]
        tests = corrected(arms)
        first = 0 if effect == 0 else 2
        rows.append(
            (
                any(one.differs for one in tests[first:]),
                any(one.p_value < 0.05 for one in tests[first:]),
                any(one.differs for one in tests[:2]),
                any(one.p_value < 0.05 for one in tests[:2]),
                np.mean([_covers(pair, true) for pair, true in zip(arms[1::2], truth, strict=True)]),
            )
        )
    return Withheld(*np.mean(np.array(rows, dtype=np.float64), axis=0).tolist())


def _arms(values: Floats, is_out: npt.NDArray[np.bool_]) -> tuple[ArmMean, ArmMean]:
    def arm(own: Floats) -> ArmMean:
        return ArmMean.of_sums(len(own), float(own.sum()), float(own @ own), int((own > 0).sum()))

    return arm(values[~is_out]), arm(values[is_out])


def _covers(pair: tuple[ArmMean, ArmMean], truth: float) -> bool:
    treated, other = (Mean.of(one.n_people, one.mean, one.variance / one.n_people) for one in pair)
    found = mean_difference(treated, other)
    return isinstance(found, Interval) and found.low <= truth <= found.high


def main(words: list[str]) -> int:
    """Print the table; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="eval.looks.withheld", description=__doc__)
    parser.add_argument("--runs", type=int, default=4_000, help="experiments per line")
    parser.add_argument("--seed", type=int, default=20251206, help="where chance comes from")
    asked = parser.parse_args(words)
    slack = 2 * (0.05 * 0.95 / asked.runs) ** 0.5
    sys.stdout.write(f"{N_PARTS} parts, {asked.runs:,} runs per line\n")
    sys.stdout.write(f"| true effects | {' | '.join(Withheld._fields)} |\n|---|{'---|' * len(Withheld._fields)}\n")
    lines = (("none, 6,000 people", 6_000, 0.0), ("none, 2,500 people", 2_500, 0.0),
             ("4 points in one, 6,000", 6_000, 0.04))  # fmt: skip
    rows = [withheld(asked.runs, asked.seed, n, effect) for _, n, effect in lines]
    for (name, *_), row in zip(lines, rows, strict=True):
        sys.stdout.write(f"| {name} | {' | '.join(f'{value:.3f}' for value in row)} |\n")
    bad = max(row.any_false for row in rows) > 0.05 + slack
    return int(bad or min(row.margin_covered for row in rows) < 0.94 - slack)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
