"""Assumed effects moved by measured ones: drawn together to choose messages, at the measured level to claim what comes.

The effects of all cohorts and kinds are one normal vector: one level times what is assumed, give or take doubts in
proportion to the level. The doubts go together: who judged one effect too low likely judged the others too low. A
lesson is one observation of a sum of effects, each times how often it was sent per person, with the variance of its
interval. The posterior is the normal linear one (Gelman et al. 2013, Bayesian Data Analysis, section 14.8; Lindley,
Smith 1972); several lessons are one update, so their order does not matter. It stays linear in the level (Hartigan
1969, Linear Bayesian methods, JRSS B 31): a lesson counts by its own standard error alone, whatever it says. Weighing
the level by how likely it makes the lessons takes a lesson of bad luck for proof that nothing works.

There are two such posteriors, because a choice and a claim ask for different things. Choosing wants small errors: the
level is assumed to be within threefold of 1, and a noisy lesson moves it halfway. Summed up, such effects keep claiming
what was assumed, too little or too much, for as long as lessons are noisy. A claim has to be right on average whatever
was assumed, so there the level is as good as unknown beforehand, as a fixed effect is beside random ones (Robinson
1991, That BLUP is a good thing, Statistical Science 6(1)): what was measured sets it, and assumptions only tell how it
splits. That also keeps the figures that chose out of the claim (docs/gym.md has what either claims).
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
"""Standard deviation of the logarithm of the level where messages are chosen: nearly threefold either way."""
SCALE_VARIANCE = expm1(SCALE_DOUBT**2)
"""Its variance where it is lognormal and 1 on average: a lesson without information changes nothing."""
LEVEL_SD = 10.0
"""Standard deviation of the level around 1 where effects are claimed: so wide that any readable lesson sets it. Still a
number, so that a lesson without information (one that says nothing even of a tenfold level) changes nothing."""
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


class Effects(NamedTuple):
    """All effects as one normal vector."""

    mean: Floats
    """What is expected, by place in `CELLS`."""
    covariance: Floats
    """Of every two of them."""


class Observed(NamedTuple):
    """What lessons saw."""

    sent: Floats
    """Messages per person, a row per lesson and a column per cell."""
    orders: Floats
    """Added orders per person."""
    noise: Floats
    """Their variances, as a diagonal."""


class MeasuredEffects:
    """The effects after the lessons."""

    def __init__(self, choosing: Effects, claiming: Effects, lessons: tuple[Lesson, ...]) -> None:
        """Hold both posteriors and the lessons they rest on."""
        self._choosing, self._claiming, self.lessons = choosing, claiming, lessons

    @property
    def n_plans(self) -> int:
        """How many plans were measured."""
        return len({lesson.plan_id for lesson in self.lessons})

    @property
    def label(self) -> str:
        """How figures made from them are labelled."""
        return f"measured:{self.n_plans} plans over {load_effects().label}"

    def get(self, cohort: CohortId, kind: MessageKind) -> Effect:
        """Give the effect of one message of a kind on one cohort to choose by: drawn towards what is assumed."""
        place, (mean, covariance) = _PLACE[cohort, kind], self._choosing
        return Effect(mean=float(mean[place]), sd=sqrt(max(float(covariance[place, place]), 0.0)))

    def claimed(self, weights: Mapping[Cell, float]) -> Sum:
        """Give the sum of effects times `weights`, such as messages that will be sent, at the measured level."""
        row, (mean, covariance) = np.zeros(len(CELLS)), self._claiming
        for cell, weight in weights.items():
            row[_PLACE[cell]] += weight
        return Sum(float(row @ mean), sqrt(max(float(row @ covariance @ row), 0.0)))

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
    mean, doubts = _assumed(priors or load_effects())
    seen, level = _observed(used), np.outer(mean, mean)
    choosing = Effects(mean, doubts + SCALE_VARIANCE * (doubts + level))
    claiming = Effects(mean, _level_squared(Effects(mean, doubts), seen) * doubts + LEVEL_SD**2 * level)
    return MeasuredEffects(_after(choosing, seen), _after(claiming, seen), used)


def _observed(lessons: tuple[Lesson, ...]) -> Observed:
    sent, orders, noise = np.zeros((len(lessons), len(CELLS))), np.zeros(len(lessons)), np.zeros(len(lessons))
    for row, lesson in enumerate(lessons):
        for one in lesson.exposures:
            sent[row, _PLACE[one.cohort, one.kind]] += one.sent_rate
        orders[row] = lesson.orders.estimate
        noise[row] = ((lesson.orders.high - lesson.orders.low) / 2 / normal_quantile(lesson.orders.level)) ** 2
    return Observed(sent, orders, np.diag(noise))


def _after(before: Effects, seen: Observed) -> Effects:
    """Update a normal vector by noisy sums of it."""
    shared = seen.sent @ before.covariance
    gain = np.linalg.solve(shared @ seen.sent.T + seen.noise, shared).T
    return Effects(before.mean + gain @ (seen.orders - seen.sent @ before.mean), before.covariance - gain @ shared)


def _level_squared(assumed: Effects, seen: Observed) -> float:
    """Give the mean square of the level after the lessons: single effects are off in proportion to it.

    The level is a regression through the origin of what was seen on what was assumed of it, by generalised least
    squares, with what is known beforehand (1, `LEVEL_SD`).
    """
    expected = seen.sent @ assumed.mean
    weights = np.linalg.solve(seen.sent @ assumed.covariance @ seen.sent.T + seen.noise, expected)
    variance = 1.0 / (1.0 / LEVEL_SD**2 + weights @ expected)
    level = variance * (1.0 / LEVEL_SD**2 + weights @ seen.orders)
    return float(level**2 + variance)


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


def _assumed(priors: EffectPriors) -> Effects:
    """Give the assumptions with the covariance of their doubts at level 1."""
    effects = [priors.get(*cell) for cell in CELLS]
    mean, sd = (np.array([getattr(one, name) for one in effects]) for name in ("mean", "sd"))
    cohort, kind = (np.array([cell[place] for cell in CELLS]) for place in (0, 1))
    together = np.full((len(CELLS), len(CELLS)), SAME_FOR_ALL)
    together += SAME_COHORT * (cohort[:, None] == cohort) + SAME_KIND * (kind[:, None] == kind)
    np.fill_diagonal(together, 1.0)
    return Effects(mean, together * np.outer(sd, sd))
