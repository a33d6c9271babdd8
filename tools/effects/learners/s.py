"""The S-learner: one booster of the outcome with the action among the features (Kuenzel et al. 2019)."""

from dataclasses import dataclass

import numpy as np

from tools.effects.boosters import boosted
from tools.effects.learner import Scorer, chances_of
from tools.offpolicy.log import Floats, Log


@dataclass(frozen=True)
class SLearner:
    """Draws effects towards zero where the trees never split on the action."""

    id: str = "s"

    def fit(self, log: Log, seed: int) -> Scorer:
        """Learn the outcome of features and action together."""
        n_actions = chances_of(log).shape[1]
        outcome = boosted(_with(log.context, log.action), log.reward, seed)

        def score(context: Floats) -> Floats:
            told = [outcome(_with(context, np.full(len(context), action))) for action in range(n_actions)]
            return np.column_stack([one - told[0] for one in told[1:]])

        return score


def _with(context: Floats, action: np.ndarray) -> Floats:
    return np.column_stack([context, action.astype(np.float64)])
