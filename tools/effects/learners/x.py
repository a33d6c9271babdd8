"""The X-learner: imputed effects of both groups, each regressed by itself (Kuenzel et al. 2019, PNAS 116)."""

from dataclasses import dataclass

from tools.effects.boosters import BoostedScores, Part, boosted
from tools.effects.learner import chances_of
from tools.offpolicy.log import Log


@dataclass(frozen=True)
class XLearner:
    """The best of the boosters on a million rows (engine 2.5)."""

    id: str = "x"

    def fit(self, log: Log, seed: int) -> BoostedScores:
        """Learn both groups' outcomes, then what each person's own outcome adds to the other group's."""
        nobody = log.action == 0
        without, kept = log.context[nobody], log.reward[nobody]
        nothing = boosted(without, kept, seed)
        chances = chances_of(log)
        pairs = []
        for action in range(1, chances.shape[1]):
            own = log.action == action
            outcome = boosted(log.context[own], log.reward[own], seed)
            of_sent = boosted(log.context[own], log.reward[own] - nothing(log.context[own]), seed)
            of_kept = boosted(without, outcome(without) - kept, seed)
            share = float(own.sum() / (own.sum() + nobody.sum()))
            pairs.append((Part(1 - share, of_sent), Part(share, of_kept)))
        return BoostedScores(tuple(pairs))
