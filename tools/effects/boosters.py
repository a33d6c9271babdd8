"""Gradient-boosted trees in one thread: small ones, because effects are small beside what they are seen through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.offpolicy.log import Floats

from .linear import LinearScores

N_TREES, N_LEAVES, RATE, N_BINS = 100, 8, 0.08, 31
MIN_LEAF, LEAF_SHARE = 50, 1 / 40
"""Rows of a leaf at least, and their share of all rows."""


@dataclass(frozen=True)
class Booster:
    """A fitted regression."""

    fitted: Any
    """The estimator of scikit-learn."""

    def __call__(self, of: Floats) -> Floats:
        """Give (m,): what is expected of each row."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(limits=1):
            return np.asarray(self.fitted.predict(of), dtype=np.float64)


def boosted(context: Floats, answer: Floats, seed: int, weight: Floats | None = None) -> Booster:
    """Give a regression by squared error: HistGradientBoosting of scikit-learn, deterministic for a seed."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    trees = HistGradientBoostingRegressor(
        max_iter=N_TREES,
        learning_rate=RATE,
        max_leaf_nodes=N_LEAVES,
        min_samples_leaf=max(MIN_LEAF, int(len(answer) * LEAF_SHARE)),
        max_bins=N_BINS,
        early_stopping=False,
        random_state=seed,
    )
    with threadpool_limits(limits=1):  # two threads on busy cores took ten times one thread's time
        trees.fit(context, answer, sample_weight=weight)
    return Booster(trees)


@dataclass(frozen=True)
class Part:
    """One booster of a score."""

    weight: float
    """Times what."""
    booster: Booster
    """The booster."""
    action: int | None = None
    """Where the action is a feature of its, behind the others: which."""

    def __call__(self, context: Floats) -> Floats:
        """Give (m,): what it adds to the score."""
        given = context if self.action is None else with_action(context, np.full(len(context), self.action))
        return self.weight * self.booster(given)


@dataclass(frozen=True)
class BoostedScores:
    """Scores that are sums of boosters, and of a line where there is one: small enough to keep and to score by."""

    parts: tuple[tuple[Part, ...], ...]
    """Per treatment."""
    floor: LinearScores | None = None
    """The line below them."""

    def __call__(self, context: Floats) -> Floats:
        """Give (m, A - 1) scores."""
        found: Floats = np.column_stack([_sum(parts, context) for parts in self.parts])
        return found if self.floor is None else self.floor(context) + found


def with_action(context: Floats, action: np.ndarray) -> Floats:
    """Give the features with the action behind them."""
    return np.column_stack([context, action.astype(np.float64)])


def _sum(parts: Sequence[Part], context: Floats) -> Floats:
    found: Floats = np.sum([part(context) for part in parts], axis=0)
    return found
