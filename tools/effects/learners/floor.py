"""The floor: ridge on the transformed outcome, centred, with a few dozen simple terms (engine 2.5)."""

from dataclasses import dataclass

import numpy as np

from tools.effects.learner import chances_of
from tools.effects.linear import LinearScores
from tools.effects.ridge import ridge
from tools.effects.terms import Terms
from tools.offpolicy.log import Floats, Log


@dataclass(frozen=True)
class RidgeFloor:
    """Linear effects: below about 100,000 rows of chance nothing was found to be better.

    Per treatment the outcome is centred by its regression on the terms, and what is left regressed on the terms times
    (taken - chance): the transformed outcome weighted by what it is worth (Robinson 1988; Nie and Wager 2021).
    """

    id: str = "ridge"

    def fit(self, log: Log, seed: int) -> LinearScores:
        """Learn one set of coefficients per treatment; chance plays no part."""
        terms = Terms.of(log.context)
        return LinearScores(terms, coefficients(log, terms.design(log.context)))


def coefficients(log: Log, design: Floats) -> Floats:
    """Give (A - 1, p): what each term adds to each treatment's effect."""
    chances = chances_of(log)
    found = []
    for action in range(1, chances.shape[1]):
        own = ((log.action == 0) | (log.action == action)) & (chances[:, action] > 0) & (chances[:, 0] > 0)
        share = chances[own, action] / (chances[own, action] + chances[own, 0])
        rows, reward = design[own], log.reward[own]
        if own.sum() <= rows.shape[1]:
            found.append(np.zeros(design.shape[1]))
            continue
        left = reward - rows @ ridge(rows, reward)
        found.append(ridge(rows * ((log.action[own] == action) - share)[:, None], left))
    return np.array(found, dtype=np.float64)
