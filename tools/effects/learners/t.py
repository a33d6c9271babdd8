"""The T-learner: one booster of the outcome per action (Kuenzel et al. 2019)."""

from dataclasses import dataclass

import numpy as np

from tools.effects.boosters import boosted
from tools.effects.learner import Scorer, chances_of
from tools.offpolicy.log import Floats, Log


@dataclass(frozen=True)
class TLearner:
    """The difference of two outcomes, with the noise of both."""

    id: str = "t"

    def fit(self, log: Log, seed: int) -> Scorer:
        """Learn the outcome after each action by itself."""
        outcomes = []
        for action in range(chances_of(log).shape[1]):
            own = log.action == action
            outcomes.append(boosted(log.context[own], log.reward[own], seed))

        def score(context: Floats) -> Floats:
            nothing = outcomes[0](context)
            return np.column_stack([outcome(context) - nothing for outcome in outcomes[1:]])

        return score
