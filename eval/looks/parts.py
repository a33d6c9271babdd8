"""Effects by cohort and returns on cost against known truth: `python -m eval.looks.parts --runs 4000`.

Four cohorts of unequal size with a tenth withheld. Says 1 where some cohort is called different from zero in more than
5 % of runs without any effect, cohorts are said to differ in more than 5 % of runs in which they do not, or Fieller's
interval covers the truth in less than 94 %; each beyond two standard errors of the runs.
"""

import argparse
import sys
from typing import NamedTuple

import numpy as np

from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tools.experiments.arms import ArmMean
from tools.experiments.cohort_effects import cohort_effects
from tools.experiments.moments import moments
from tools.experiments.roi import roi

SIZES = {"vip": 8_000, "reactivated": 8_000, "discount_sensitive": 10_000, "first_time": 20_000}
BASELINE, HOLDOUT = 0.12, 0.1


class Cohorts(NamedTuple):
    """Shares of runs, and root mean squared errors in percentage points."""

    any_cohort: float
    """Some cohort was called different from zero."""
    any_uncorrected: float
    """The same, without the correction."""
    differ: float
    """The cohorts were said to differ."""
    plain_error: float
    """Of each cohort's own estimate."""
    shrunk_error: float
    """Of the shrunk one."""
    shrunk_covered: float
    """Shrunk intervals that held the truth."""


def cohorts(n_runs: int, seed: int, mean: float = 0.0, spread: float = 0.0) -> Cohorts:
    """Simulate runs whose cohorts' true effects are normal with this mean and spread (shares, not points)."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(n_runs):
        truth = rng.normal(mean, spread, len(SIZES))
        found = cohort_effects({name: _pair(rng, n, one) for (name, n), one in zip(SIZES.items(), truth, strict=True)})
        plain = [one.effect for one in found.cohorts if isinstance(one.effect, Interval)]
        shrunk = [one.shrunk for one in found.cohorts if isinstance(one.shrunk, Interval)]
        p_values = [one.p_value for one in found.cohorts if one.p_value is not None]
        assert len(plain) == len(shrunk) == len(truth)
        rows.append(
            (
                any(one.differs_from_zero for one in found.cohorts),
                min(p_values) < 0.05,
                found.cohorts_differ,
                np.mean([(one.estimate - true) ** 2 for one, true in zip(plain, truth, strict=True)]),
                np.mean([(one.estimate - true) ** 2 for one, true in zip(shrunk, truth, strict=True)]),
                np.mean([one.low <= true <= one.high for one, true in zip(shrunk, truth, strict=True)]),
            )
        )
    shares = np.mean(np.array(rows, dtype=np.float64), axis=0)
    plain_error, shrunk_error = (100 * float(value) ** 0.5 for value in shares[3:5])
    return Cohorts(float(shares[0]), float(shares[1]), float(shares[2]), plain_error, shrunk_error, float(shares[5]))


def _pair(rng: np.random.Generator, n: int, effect: float) -> tuple[ArmMean, ArmMean]:
    n_control = round(n * HOLDOUT)
    n_treated = n - n_control
    treated = int(rng.binomial(n_treated, BASELINE + effect))
    return ArmMean.of_share(n_treated, treated), ArmMean.of_share(n_control, int(rng.binomial(n_control, BASELINE)))


class Returns(NamedTuple):
    """How Fieller's interval did."""

    covered: float
    """Share of the intervals given that held the true return."""
    refused: float
    """Share of runs without an interval."""
    naive_covered: float
    """Share of runs in which an interval that takes the cost as exact held it."""


def returns(n_runs: int, seed: int, redeemed: float, n_treated: int = 4_500, n_control: int = 500) -> Returns:
    """Simulate margin and cost per person; `redeemed` is the chance that a treated buyer's incentive costs 500."""
    rng = np.random.default_rng(seed)
    lift, basket, incentive = 0.03, 4_000.0, 500.0
    truth = (lift * basket) / ((BASELINE + lift) * redeemed * incentive)
    hits = refused = naive = 0
    for _ in range(n_runs):
        margin, cost = _people(rng, n_treated, BASELINE + lift, basket, redeemed, incentive)
        other, _ = _people(rng, n_control, BASELINE, basket, 0.0, incentive)
        found = roi(moments({"margin": margin, "cost": cost}), moments({"margin": other, "cost": 0 * other}))
        error = margin.var(ddof=1) / n_treated + other.var(ddof=1) / n_control
        spent, added = float(cost.mean()), float(margin.mean() - other.mean())
        naive += spent > 0 and abs(added - truth * spent) <= 1.96 * float(error) ** 0.5
        if isinstance(found, NotEstimable):
            refused += 1
            continue
        hits += found.low <= truth <= found.high
    return Returns(hits / max(n_runs - refused, 1), refused / n_runs, naive / n_runs)


def _people(
    rng: np.random.Generator, n: int, rate: float, basket: float, redeemed: float, incentive: float
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    buys = rng.random(n) < rate
    margin = np.where(buys, rng.gamma(2.0, basket / 2, n), 0.0)
    return margin, np.where(buys & (rng.random(n) < redeemed), incentive, 0.0)


def main(words: list[str]) -> int:
    """Print both tables; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="eval.looks.parts", description=__doc__)
    parser.add_argument("--runs", type=int, default=4_000, help="experiments per line")
    parser.add_argument("--seed", type=int, default=20251205, help="where chance comes from")
    asked = parser.parse_args(words)
    slack = 2 * (0.05 * 0.95 / asked.runs) ** 0.5
    sys.stdout.write(f"Cohorts, {asked.runs:,} runs per line; errors in percentage points\n")
    sys.stdout.write(f"| true effects | {' | '.join(Cohorts._fields)} |\n|---|{'---|' * len(Cohorts._fields)}\n")
    lines = (("none", 0.0, 0.0), ("2 points in all", 0.02, 0.0), ("2 points, spread 1", 0.02, 0.01))
    rows = [cohorts(asked.runs, asked.seed, mean, spread) for _, mean, spread in lines]
    for (name, *_), row in zip(lines, rows, strict=True):
        sys.stdout.write(f"| {name} | {' | '.join(f'{value:.3f}' for value in row)} |\n")
    sys.stdout.write("\nReturn on cost, by the share of buyers who redeem\n| redeemed | covered | refused | naive |\n")
    sys.stdout.write("|---|---|---|---|\n")
    found = {share: returns(asked.runs, asked.seed, share) for share in (0.5, 0.05, 0.005)}
    for share, line in found.items():
        sys.stdout.write(f"| {share} | {' | '.join(f'{value:.3f}' for value in line)} |\n")
    bad = rows[0].any_cohort > 0.05 + slack or max(rows[0].differ, rows[1].differ) > 0.05 + slack
    return int(bad or found[0.5].covered < 0.94 - slack)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
