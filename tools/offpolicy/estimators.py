"""Three estimates of a policy's value from a log, each with its interval and source.

Each takes the weights of the rows; where support is lacking call `refusal` first, as `evaluate` does.
"""

import numpy as np

from memory.domain.experiment import Interval
from tools.experiments.intervals import normal_interval

from .log import Floats, Log
from .outcome_model import cross_fitted, cross_fitted_baseline
from .support import weights_of

IPS = "inverse propensity (Horvitz and Thompson 1952), normal interval"
SNIPS = "self-normalised inverse propensity (Swaminathan and Joachims 2015), delta method"
DR = "doubly robust (Dudik, Langford and Li 2011), 2-fold cross-fitted ridge, normal interval"


def inverse_propensity(log: Log, target: Floats) -> Interval:
    """Give the mean of weighted rewards."""
    return of_scores(weights_of(log, target) * log.reward, IPS)


def self_normalised(log: Log, target: Floats) -> Interval:
    """Give the weighted mean of rewards."""
    weights = weights_of(log, target)
    value = float(weights @ log.reward / weights.sum())
    return of_scores(value + weights * (log.reward - value) / weights.mean(), SNIPS)


def doubly_robust(log: Log, target: Floats) -> Interval:
    """Give the mean of the doubly robust scores."""
    return of_scores(doubly_robust_scores(log, target), DR)


def doubly_robust_scores(log: Log, target: Floats) -> Floats:
    """Give (n,): what each row says of the policy's value; differences of scores compare policies on the same rows."""
    expected = cross_fitted(log, target.shape[1])
    taken = expected[np.arange(log.n), log.action]
    scores: Floats = (expected * target).sum(axis=1) + weights_of(log, target) * (log.reward - taken)
    return scores


def weighted_scores(context: Floats, reward: Floats, weights: Floats) -> Floats:
    """Give (n,): doubly robust scores where a row is a person and its weight that of all their choices together.

    The model knows what was known before the first choice, so it lowers the variance that people bring along.
    """
    expected = cross_fitted_baseline(context, reward, weights)
    scores: Floats = expected + weights * (reward - expected)
    return scores


def of_scores(scores: Floats, method: str, level: float = 0.95) -> Interval:
    """Give the mean of independent scores with a normal interval; needs two of them."""
    return normal_interval(float(scores.mean()), float(scores.var(ddof=1)) / len(scores), method, level)
