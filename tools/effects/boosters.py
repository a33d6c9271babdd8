"""Gradient-boosted trees in one thread: small ones, because effects are small beside what they are seen through."""

from collections.abc import Callable

import numpy as np

from tools.offpolicy.log import Floats

N_TREES, N_LEAVES, RATE, N_BINS = 100, 8, 0.08, 31
MIN_LEAF, LEAF_SHARE = 50, 1 / 40
"""Rows of a leaf at least, and their share of all rows."""


def boosted(context: Floats, answer: Floats, seed: int, weight: Floats | None = None) -> Callable[[Floats], Floats]:
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

    def predict(of: Floats) -> Floats:
        with threadpool_limits(limits=1):
            return np.asarray(trees.predict(of), dtype=np.float64)

    return predict
