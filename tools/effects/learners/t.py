"""The T-learner: one booster of the outcome per action (Kuenzel et al. 2019)."""

from dataclasses import dataclass

from tools.effects.boosters import BoostedScores, Part, boosted
from tools.effects.learner import chances_of
from tools.offpolicy.log import Log


@dataclass(frozen=True)
class TLearner:
    """The difference of two outcomes, with the noise of both."""

    id: str = "t"

    def fit(self, log: Log, seed: int) -> BoostedScores:
        """Learn the outcome after each action by itself."""
        outcomes = []
        for action in range(chances_of(log).shape[1]):
            own = log.action == action
            outcomes.append(boosted(log.context[own], log.reward[own], seed))
        nothing = Part(-1.0, outcomes[0])
        return BoostedScores(tuple((Part(1.0, outcome), nothing) for outcome in outcomes[1:]))
