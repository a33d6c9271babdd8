"""The outcome model of doubly robust estimates: ridge, pooled over actions plus what each action adds, cross-fitted.

It only lowers the variance: with known propensities the estimate is unbiased however wrong the model is. Its own
value, the direct method, is never shown: its interval covers the truth in 5 to 9 of 100 cases (engine 2.7).
"""

import numpy as np

from .log import Floats, Ints, Log

POOLED = 1.0
"""Penalty of the pooled slopes, in rows."""
OF_ACTION = 50.0
"""Penalty of what an action adds, in rows: an action taken less often is taken for an average one."""


def folds(n: int) -> Ints:
    """Give each row one of two folds, by turns; rows must not be sorted by anything that repeats with period two."""
    return np.arange(n, dtype=np.int64) % 2


def cross_fitted(log: Log, n_actions: int) -> Floats:
    """Give (n, A): what each row's reward would be expected to be per action, learnt from the other fold."""
    design, fold = _design(log.context), folds(log.n)
    expected: Floats = np.empty((log.n, n_actions))
    for held in (0, 1):
        learn, tell = fold != held, fold == held
        expected[tell] = _told(design[learn], log.action[learn], log.reward[learn], design[tell], n_actions)
    return expected


def cross_fitted_baseline(context: Floats, reward: Floats, weight: Floats) -> Floats:
    """Give (n,): what each row's reward would be expected to be under the weights, learnt from the other fold."""
    design, fold = _design(context), folds(len(reward))
    expected: Floats = np.empty(len(reward))
    for held in (0, 1):
        learn, tell = fold != held, fold == held
        expected[tell] = design[tell] @ _ridge(design[learn], reward[learn], POOLED, weight[learn])
    return expected


def expected_rewards(log: Log, context: Floats, n_actions: int) -> Floats:
    """Give (m, A): what people of this context would be expected to bring per action, learnt from the whole log.

    Good for choosing a policy; value it on rows it has not seen.
    """
    both = _design(np.concatenate([log.context, context]))
    return _told(both[: log.n], log.action, log.reward, both[log.n :], n_actions)


def _told(design: Floats, action: Ints, reward: Floats, of: Floats, n_actions: int) -> Floats:
    pooled = _ridge(design, reward, POOLED)
    rest = reward - design @ pooled
    told: Floats = np.repeat((of @ pooled)[:, None], n_actions, axis=1)
    for number in range(n_actions):
        taken = action == number
        if taken.any():
            told[:, number] += of @ _ridge(design[taken], rest[taken], OF_ACTION, first=OF_ACTION)
    return told


def _design(context: Floats) -> Floats:
    """Give a column of ones and the standardised context."""
    spread = context.std(axis=0)
    scaled = (context - context.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    design: Floats = np.column_stack([np.ones(len(context)), scaled])
    return design


def _ridge(design: Floats, reward: Floats, penalty: float, weight: Floats | None = None, first: float = 0.0) -> Floats:
    """Give the coefficients; `first` is the penalty of the column of ones."""
    weighted: Floats = design if weight is None else design * weight[:, None]
    penalties = np.full(design.shape[1], penalty)
    penalties[0] = max(first, 1e-9)
    found = np.linalg.solve(weighted.T @ design + np.diag(penalties), weighted.T @ reward)
    return np.asarray(found, dtype=np.float64)
