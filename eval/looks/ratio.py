"""Sample-ratio mismatch asked daily: `python -m eval.looks.ratio --runs 20000`.

500 people a day arrive per arm for 28 days; the split that was promised is 50/50. Says 1 where the sequential test
raises more false alarms than its level of 1 %.
"""

import argparse
import sys
from typing import NamedTuple

import numpy as np
from scipy.special import chdtrc

from tools.experiments.sample_ratio import SUSPICIOUS_BELOW
from tools.experiments.sequential_ratio import log_bayes_factor

from .worlds import N_DAYS

PER_DAY = 1_000


class Alarms(NamedTuple):
    """Share of runs that were called suspicious, by test."""

    at_the_end: float
    """Chi-square, once on the last day."""
    daily: float
    """Chi-square, every day."""
    sequential: float
    """The sequential test, every day."""


def alarms(control_rate: float, n_runs: int, seed: int, promised: float = 0.5) -> Alarms:
    """Simulate arms whose true control share is `control_rate` where `promised` was planned."""
    rng = np.random.default_rng(seed)
    control = np.cumsum(rng.binomial(PER_DAY, control_rate, (n_runs, N_DAYS)), axis=1).astype(np.float64)
    n = PER_DAY * np.arange(1, N_DAYS + 1, dtype=np.float64)
    square = (control - n * promised) ** 2 / (n * promised * (1 - promised))
    suspicious = chdtrc(1, square) < SUSPICIOUS_BELOW
    found = log_bayes_factor(n - control, control, promised) > -np.log(SUSPICIOUS_BELOW)
    return Alarms(
        float(suspicious[:, -1].mean()), float(suspicious.any(axis=1).mean()), float(found.any(axis=1).mean())
    )


def main(words: list[str]) -> int:
    """Print the table; 1 where the sequential test alarms too often on a sound split."""
    parser = argparse.ArgumentParser(prog="eval.looks.ratio", description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000, help="experiments per split")
    parser.add_argument("--seed", type=int, default=20251204, help="where chance comes from")
    asked = parser.parse_args(words)
    sys.stdout.write(f"Alarms at level .01, {asked.runs:,} runs, {PER_DAY:,} people a day\n")
    sys.stdout.write("| true split | chi-square at the end | chi-square daily | sequential |\n|---|---|---|---|\n")
    wrong = 0.0
    for treated in (50, 51, 52):
        found = alarms(1 - treated / 100, asked.runs, asked.seed)
        wrong = found.sequential if treated == 50 else wrong
        sys.stdout.write(f"| {treated}/{100 - treated} | {' | '.join(f'{share:.3f}' for share in found)} |\n")
    return int(wrong > SUSPICIOUS_BELOW)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
