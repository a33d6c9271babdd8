"""The S-learner: one booster of the outcome with the action among the features (Kuenzel et al. 2019)."""

from dataclasses import dataclass

from tools.effects.boosters import BoostedScores, Part, boosted, with_action
from tools.effects.learner import chances_of
from tools.offpolicy.log import Log


@dataclass(frozen=True)
class SLearner:
    """Draws effects towards zero where the trees never split on the action."""

    id: str = "s"

    def fit(self, log: Log, seed: int) -> BoostedScores:
        """Learn the outcome of features and action together."""
        n_actions = chances_of(log).shape[1]
        outcome = boosted(with_action(log.context, log.action), log.reward, seed)
        nothing = Part(-1.0, outcome, 0)
        return BoostedScores(tuple((Part(1.0, outcome, action), nothing) for action in range(1, n_actions)))
