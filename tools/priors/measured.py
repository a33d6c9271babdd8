"""Assumed effects drawn towards measured ones by how sure each is: a wide interval changes little.

The effects of all cohorts and kinds are one normal vector. Its prior are the assumptions with their doubts, which go
together: who judged one effect too low likely judged the others too low. A lesson is one observation of a sum of
effects, each times how often it was sent per person, with the variance of its interval. The posterior is the normal
linear one (Gelman et al. 2013, Bayesian Data Analysis, section 14.8; Lindley, Smith 1972); several lessons are one
update, so their order does not matter. One unknown factor scales all assumptions with their doubts; its variance is
part of the prior's, and the update stays linear (Hartigan 1969, Linear Bayesian methods, JRSS B 31): a lesson counts by
its own standard error alone, whatever it says. Weighing the factor by how likely it makes the lessons takes a lesson of
bad luck for proof that nothing works, and forecasts come out too low (docs/gym.md).
"""

from collections.abc import Iterable, Mapping
from math import expm1, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from memory.domain.cohort import COHORTS, CohortId
from memory.domain.lesson import Lesson
from memory.domain.message import MESSAGE_KINDS, MessageKind
from tools.experiments.intervals import normal_quantile

from .effects import Cell, Effect, EffectPriors, load_effects

SAME_FOR_ALL, SAME_COHORT, SAME_KIND = 0.5, 0.2, 0.2
"""Shares of an assumption's variance that all effects, those of one cohort, and those of one kind have in common;
the rest is its own. Judgement, as the assumptions are."""
SCALE_DOUBT = 1.0
"""Standard deviation of the logarithm of the one factor by which all assumptions may be off: nearly threefold."""
SCALE_VARIANCE = expm1(SCALE_DOUBT**2)
"""Its variance where it is lognormal and 1 on average: a lesson without information changes nothing."""
WINDOW_DAYS = 90
"""Effects are added orders within so many days; lessons of other windows are told and move no effect."""

Floats = npt.NDArray[np.float64]
CELLS: tuple[Cell, ...] = tuple((cohort, kind) for cohort in COHORTS for kind in MESSAGE_KINDS)
_PLACE = {cell: place for place, cell in enumerate(CELLS)}


class Sum(NamedTuple):
    """A weighted sum of effects."""

    mean: float
    """What is expected."""
    sd: float
    """Its standard deviation."""


class MeasuredEffects:
    """The effects after the lessons."""

    def __init__(self, mean: Floats, covariance: Floats, lessons: tuple[Lesson, ...]) -> None:
        """Hold the posterior of `CELLS` and the lessons it rests on."""
        self._mean, self._covariance, self.lessons = mean, covariance, lessons

    @property
    def n_plans(self) -> int:
        """How many plans were measured."""
        return len({lesson.plan_id for lesson in self.lessons})

    @property
    def label(self) -> str:
        """How figures made from them are labelled."""
        return f"measured:{self.n_plans} plans over {load_effects().label}"

    def get(self, cohort: CohortId, kind: MessageKind) -> Effect:
        """Give the effect of one message of a kind on one cohort."""
        place = _PLACE[cohort, kind]
        return Effect(mean=float(self._mean[place]), sd=sqrt(max(float(self._covariance[place, place]), 0.0)))

    def total(self, weights: Mapping[Cell, float]) -> Sum:
        """Give the sum of effects times `weights`, such as messages that will be sent."""
        row = np.zeros(len(CELLS))
        for cell, weight in weights.items():
            row[_PLACE[cell]] += weight
        return Sum(float(row @ self._mean), sqrt(max(float(row @ self._covariance @ row), 0.0)))

    def sent_rate(self, cohort: CohortId, kind: MessageKind) -> float:
        """Give the share of planned messages that really left: of the kind and cohort, the kind, or all.

        Audiences, caps and the choice per person leave out some; what was planned and never sent counts as never.
        """
        every = [one for lesson in self.lessons for one in lesson.exposures]
        of_kind = [one for one in every if one.kind == kind]
        for own in ([one for one in of_kind if one.cohort == cohort], of_kind, every):
            planned = sum(one.planned_rate for one in own)
            if planned > 0:
                return sum(one.sent_rate for one in own) / planned
        return 1.0


def measured_effects(lessons: Iterable[Lesson], priors: EffectPriors | None = None) -> MeasuredEffects | None:
    """Give the effects after the lessons, none where no lesson moves them.

    A plan of which every cohort was read teaches by cohort, else as a whole; its parts teach beside that.
    """
    used = tuple(sorted(_used(lessons), key=lambda lesson: lesson.id))
    if not used:
        return None
    mean, covariance = _prior(priors or load_effects())
    design, seen, noise = np.zeros((len(used), len(CELLS))), np.zeros(len(used)), np.zeros(len(used))
    for row, lesson in enumerate(used):
        for one in lesson.exposures:
            design[row, _PLACE[one.cohort, one.kind]] += one.sent_rate
        seen[row] = lesson.orders.estimate
        noise[row] = ((lesson.orders.high - lesson.orders.low) / 2 / normal_quantile(lesson.orders.level)) ** 2
    shared = design @ covariance
    gain = np.linalg.solve(shared @ design.T + np.diag(noise), shared).T
    return MeasuredEffects(mean + gain @ (seen - design @ mean), covariance - gain @ shared, used)


def _used(lessons: Iterable[Lesson]) -> Iterable[Lesson]:
    known = [lesson for lesson in lessons if lesson.within_days == WINDOW_DAYS]
    whole = {lesson.plan_id: {one.cohort for one in lesson.exposures} for lesson in known if lesson.scope == "plan"}
    read: dict[str, set[str]] = {}
    for lesson in known:
        if lesson.scope == "cohort":
            read.setdefault(lesson.plan_id, set()).add(lesson.part_id)
    by_cohort = {plan_id for plan_id in read if whole.get(plan_id, set()) <= read[plan_id]}
    return (
        one
        for one in known
        if one.scope not in ("plan", "cohort") or (one.scope == "cohort") == (one.plan_id in by_cohort)
    )


def _prior(priors: EffectPriors) -> tuple[Floats, Floats]:
    """Give the assumptions and their covariance, the one factor's doubt included."""
    effects = [priors.get(*cell) for cell in CELLS]
    mean, sd = (np.array([getattr(one, name) for one in effects]) for name in ("mean", "sd"))
    cohort, kind = (np.array([cell[place] for cell in CELLS]) for place in (0, 1))
    together = np.full((len(CELLS), len(CELLS)), SAME_FOR_ALL)
    together += SAME_COHORT * (cohort[:, None] == cohort) + SAME_KIND * (kind[:, None] == kind)
    np.fill_diagonal(together, 1.0)
    own = together * np.outer(sd, sd)
    covariance: Floats = own + SCALE_VARIANCE * (own + np.outer(mean, mean))
    return mean, covariance
