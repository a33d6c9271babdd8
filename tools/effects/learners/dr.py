"""The DR-learner: boosters of doubly robust pseudo-outcomes (Kennedy 2023, Electronic Journal of Statistics 17)."""

from dataclasses import dataclass

import numpy as np

from tools.effects.boosters import BoostedScores, Part, boosted
from tools.effects.pseudo import pseudo_outcomes
from tools.offpolicy.log import Log

from .floor import RidgeFloor

N_FOLDS = 2


@dataclass(frozen=True)
class DrLearner:
    """The floor's effects, and boosters of what they leave of the pseudo-outcomes: lines are not left to trees.

    Every row says something about every treatment; with known chances its outcome model only lowers the noise.
    """

    id: str = "dr"

    def fit(self, log: Log, seed: int) -> BoostedScores:
        """Learn each treatment's pseudo-outcome from the features."""
        floor = RidgeFloor().fit(log, seed)
        left = pseudo_outcomes(log, np.arange(log.n) % N_FOLDS) - floor(log.context)
        rest = [boosted(log.context, left[:, treatment], seed) for treatment in range(left.shape[1])]
        return BoostedScores(tuple((Part(1.0, one),) for one in rest), floor)
