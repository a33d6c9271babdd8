"""The DR-learner: boosters of doubly robust pseudo-outcomes (Kennedy 2023, Electronic Journal of Statistics 17)."""

from dataclasses import dataclass

import numpy as np

from tools.effects.boosters import boosted
from tools.effects.learner import Scorer
from tools.effects.pseudo import pseudo_outcomes
from tools.offpolicy.log import Floats, Log

N_FOLDS = 2


@dataclass(frozen=True)
class DrLearner:
    """Every row says something about every treatment; with known chances its outcome model only lowers the noise."""

    id: str = "dr"

    def fit(self, log: Log, seed: int) -> Scorer:
        """Learn each treatment's pseudo-outcome from the features."""
        effect = pseudo_outcomes(log, np.arange(log.n) % N_FOLDS)
        treatments = [boosted(log.context, effect[:, treatment], seed) for treatment in range(effect.shape[1])]

        def score(context: Floats) -> Floats:
            return np.column_stack([treatment(context) for treatment in treatments])

        return score
