"""`python -m eval.forecast`: what a plan chosen from data claims, over what it truly brings.

Each world has 48 cells (four cohorts, twelve messages) with effects of its own, and a log in which chance sent.
"""

import argparse
import sys
import time

import numpy as np

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Interval
from tools.experiments.intervals import normal_interval, wilson
from tools.offpolicy.plan_value import plan_value

SEED = 20251202
N_CELLS, BASE_RATE = 48, 0.10
MEAN_EFFECT, SD_EFFECT = 0.004, 0.012
"""Added chance of an order per message: most do little, some harm."""
MARGIN, SIGMA, COST = 43.0, 0.8, 0.12
"""Mean margin per order, the spread of its logarithm, and what a message costs."""
GOAL = (0.9, 1.1)


class ForecastReport(Frozen):
    """Claims held against what came, over all worlds."""

    n_worlds: Count
    """Worlds."""
    n_rows: Count
    """People per log."""
    treat_rate: float
    """Share of each log's people who were sent something."""
    claimed_over_realised: Interval
    """Sum of the forecasts over the sum of the true values of the chosen plans."""
    naive_over_realised: float
    """The same for the sum of the effects that chose, over what that choice truly brings."""
    covered: Interval
    """Share of worlds whose interval holds the true value, with its Wilson interval."""
    realised_share: float
    """True value of the chosen plans over that of the best ones."""

    @property
    def holds(self) -> bool:
        """Whether the pooled ratio is within 0.9 to 1.1."""
        return GOAL[0] <= self.claimed_over_realised.estimate <= GOAL[1]


def measure(n_worlds: int = 60, n_rows: int = 400_000, treat_rate: float = 0.5, seed: int = SEED) -> ForecastReport:
    """Choose and forecast in every world, and hold both against the truth."""
    claims, trues = np.zeros(n_worlds), np.zeros(n_worlds)
    naives, naive_trues, bests, covered = 0.0, 0.0, 0.0, 0
    for world in range(n_worlds):
        rng = np.random.default_rng([seed, world])
        effect = rng.normal(MEAN_EFFECT, SD_EFFECT, N_CELLS)
        base = np.clip(rng.normal(BASE_RATE, 0.03, N_CELLS), 0.03, 0.3)
        cell, treated = rng.integers(0, N_CELLS, n_rows), (rng.random(n_rows) < treat_rate).astype(np.int64)
        bought = rng.random(n_rows) < np.clip(base[cell] + effect[cell] * treated, 0.0, 1.0)
        reward = bought * MARGIN * rng.lognormal(-(SIGMA**2) / 2, SIGMA, n_rows)
        cost = np.full(N_CELLS, COST)
        found = plan_value(cell, treated, reward, cost, treat_rate, seed=world)
        gain = (np.clip(base + effect, 0.0, 1.0) - base) * MARGIN - COST
        true = float(gain[list(found.chosen)].sum()) / N_CELLS
        assert isinstance(found.value, Interval)
        covered += found.value.low <= true <= found.value.high
        claims[world], trues[world] = found.value.estimate, true
        naives += found.naive
        naive_trues += _naive_truth(cell, treated, reward, gain)
        bests += float(np.maximum(gain, 0.0).sum()) / N_CELLS
    return ForecastReport(
        n_worlds=n_worlds,
        n_rows=n_rows,
        treat_rate=treat_rate,
        claimed_over_realised=_ratio(claims, trues),
        naive_over_realised=round(naives / naive_trues, 4),
        covered=wilson(covered, n_worlds),
        realised_share=round(float(trues.sum()) / bests, 4),
    )


def _ratio(claims: np.ndarray, trues: np.ndarray) -> Interval:
    """Give the ratio of sums over worlds with its delta-method interval."""
    ratio = float(claims.sum() / trues.sum())
    gaps = claims - ratio * trues
    return normal_interval(ratio, len(gaps) * float(gaps.var(ddof=1)) / float(trues.sum()) ** 2, "delta method")


def _naive_truth(cell: np.ndarray, treated: np.ndarray, reward: np.ndarray, gain: np.ndarray) -> float:
    """Give the true value of choosing by the raw differences."""
    means = []
    for arm in (1, 0):
        own = treated == arm
        n = np.maximum(np.bincount(cell[own], minlength=N_CELLS), 1)
        means.append(np.bincount(cell[own], reward[own], N_CELLS) / n)
    return float(gain[means[0] - means[1] - COST > 0].sum()) / N_CELLS


def main(words: list[str]) -> int:
    """Print the ratios and the coverage; 1 where the pooled ratio is outside 0.9 to 1.1."""
    parser = argparse.ArgumentParser(prog="eval.forecast", description=__doc__)
    parser.add_argument("--worlds", type=int, default=60)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--treated", type=float, default=0.5)
    asked, began = parser.parse_args(words), time.process_time()
    found = measure(asked.worlds, asked.rows, asked.treated)
    ratio = found.claimed_over_realised
    sys.stdout.write(
        f"{found.n_worlds} worlds of {found.n_rows:,} people, {found.treat_rate:.0%} sent to: claimed over realised "
        f"{ratio.estimate:.3f} [{ratio.low:.3f}, {ratio.high:.3f}] (the sum of what chose: "
        f"{found.naive_over_realised:.2f}); intervals hold "
        f"the truth in {found.covered.estimate:.1%} [{found.covered.low:.1%}, {found.covered.high:.1%}]; chosen plans "
        f"bring {found.realised_share:.0%} of the best ones; {time.process_time() - began:.0f} CPU s\n"
    )
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
