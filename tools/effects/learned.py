"""Learned effects: the learner that won, its fold tables, how scores become effects, and what the plan is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable
from tools.offpolicy.log import Floats, Ints

from .calibration import Calibration
from .choice import chosen
from .effect import PersonEffects
from .learner import Scorer
from .monotone import monotone
from .treatment import Treatment


class Contender(Frozen):
    """How one learner did on rows that it had not seen."""

    learner: str
    """Its name."""
    value: Interval
    """Net worth per person of the plan it makes, over sending nothing; doubly robust."""
    added: Interval
    """Outcome that it adds per person over sending nothing, costs left out; doubly robust on the same rows."""
    over_floor: Estimate
    """The same less the floor's, on the same rows."""
    closer: Estimate
    """Squared error of effects, in money squared, that it takes off the floor's: how much closer its effects come."""


class TreatmentReading(Frozen):
    """What a log says of one treatment."""

    treatment: str
    """The treatment."""
    effective_rows: float
    """Effective rows of its contrast."""
    effect: Estimate
    """Its average effect on the log's people, drawn towards what is assumed or the treatments' mean."""
    is_assumed: bool
    """Whether the log says too little, so that what is assumed stands."""


@dataclass(frozen=True)
class LearnedEffects:
    """Give effects for anybody's features; use them to choose, and `value` to claim."""

    treatments: tuple[Treatment, ...]
    """What may be sent."""
    learner: str
    """Who won."""
    scorers: tuple[Scorer, ...]
    """One per fold, each learnt without it; their mean is the score."""
    calibrations: tuple[Calibration | None, ...]
    """One per treatment; none for a treatment that is neither measured nor assumed and is therefore never sent."""
    readings: tuple[TreatmentReading, ...]
    """What the log says per treatment."""
    contenders: tuple[Contender, ...]
    """Every learner that was tried, the floor first."""
    n: Count
    """Rows."""
    over_today: Estimate | None = None
    """Net worth per person of the plan over what is done today, on the same held-out rows; none where that is unknown.
    """

    @property
    def value(self) -> Interval:
        """Net worth per person of the plan, over sending nothing: held-out, doubly robust."""
        return self._winner.value

    @property
    def added(self) -> Interval:
        """Outcome that the plan adds per person over sending nothing: held-out, doubly robust, costs left out."""
        return self._winner.added

    @property
    def _winner(self) -> Contender:
        return next(one for one in self.contenders if one.learner == self.learner)

    @property
    def floor(self) -> Interval:
        """The same of the floor's plan."""
        return self.contenders[0].value

    def effects(self, context: Floats) -> PersonEffects:
        """Give (m, treatments) effects with standard errors; -inf with an infinite error where nobody knows."""
        told = np.array([scorer(context) for scorer in self.scorers])
        found = effects_from(told.mean(axis=0), self.calibrations, self.treatments)
        slopes = np.array([0.0 if one is None else one.slope for one in self.calibrations])
        return PersonEffects(found.mean, np.sqrt(found.sd**2 + slopes**2 * jackknife(told)))

    def choose(self, context: Floats) -> Ints:
        """Give each person's action: 0 nothing, `k + 1` treatment k."""
        return chosen(self.effects(context).mean, self.treatments)


def jackknife(told: Floats) -> Floats:
    """Give (m, treatments): how unsure scores are by what each fold's rows change of them (delete-a-group jackknife).

    `told` is (folds, m, treatments): scores learnt without each fold (Kott 2001, Journal of Official Statistics 17).
    """
    n_folds = len(told)
    variance: Floats = (n_folds - 1) / n_folds * ((told - told.mean(axis=0)) ** 2).sum(axis=0)
    return variance


def effects_from(
    scores: Floats, calibrations: Sequence[Calibration | None], treatments: Sequence[Treatment]
) -> PersonEffects:
    """Calibrate scores (m, treatments) and hold ladders monotone."""
    mean, variance = np.full(scores.shape, -np.inf), np.full(scores.shape, np.inf)
    known = [place for place, one in enumerate(calibrations) if one is not None]
    for place in known:
        one = calibrations[place]
        assert one is not None
        mean[:, place], variance[:, place] = one.effect(scores[:, place]), one.variance(scores[:, place])
    held = monotone(mean[:, known], variance[:, known], [treatments[place] for place in known])
    mean[:, known] = held
    return PersonEffects(mean, np.sqrt(variance))


LearnedOrNot = LearnedEffects | NotEstimable
"""Learned effects, or why there are none."""
