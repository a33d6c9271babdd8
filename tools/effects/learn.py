"""Learn effects from a log: every learner scores held-out rows, the floor stays unless one is worth more on them."""

from collections.abc import Sequence
from typing import NamedTuple, TypeGuard

import numpy as np

from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable
from tools.experiments.intervals import normal_interval, normal_quantile
from tools.offpolicy.log import Floats, Ints, Log

from .calibration import Calibration, assumed, calibrated
from .choice import added_of, chosen, scores_of
from .learned import Contender, LearnedEffects, LearnedOrNot, TreatmentReading, effects_from
from .learner import Learner, Scorer, rows_of
from .learners import FLOOR, LEARNERS
from .pseudo import pseudo_outcomes
from .redrawn import redrawn
from .support import effective_rows, ready, refusal
from .treatment import Treatment

N_FOLDS = 4
N_PARTS = 4
"""Parts of a fold: scores are calibrated on all parts but one, so that claims are of plans nearly as good as the last.
"""
MIN_BOOSTED = 20_000
"""Rows below which no booster is tried: ridge won every time (engine 2.5). Below it intervals are widened, too."""
LEAD = 2.5
"""Standard errors by which a booster has to come closer: of four that do not, one seems to in 2 to 3 logs of 100."""
METHOD = "held-out doubly robust, 4 folds, normal interval"


class _Scored(NamedTuple):
    learner: Learner
    scorers: tuple[Scorer, ...]
    scores: Floats
    """(n, treatments), each row by the learner that did not see it."""
    part: Ints
    """(n,): which part of which fold it is in."""
    worth: Floats
    """(n,): what each row says of the plan."""
    added: Floats
    """(n,): what each row says of the outcome that the plan adds."""
    missed: Floats
    """(n,): squared error of the row's effects in money, noise of the row included."""


class _Doubt(NamedTuple):
    """Variances that a plan's value has at least; 0 where the rows' own are enough."""

    worth: float = 0.0
    added: float = 0.0
    over_today: float = 0.0


def learn_effects(
    log: Log,
    treatments: Sequence[Treatment],
    *,
    seed: int,
    learners: Sequence[Learner] = LEARNERS,
    today: Ints | None = None,
) -> LearnedOrNot:
    """Learn each treatment's effect per person; raise `InvalidInput` for a malformed log.

    `today` (n,) are the actions that would be chosen without it: the plan is then valued against them, too.
    Not estimable where the log says nothing of any treatment (`no_support`, `low_ess`); one of which it says too little
    keeps what is assumed of it, and without an assumption is never sent.
    """
    ready(log, treatments)
    rows = effective_rows(log)
    refused = [refusal(treatment, float(n)) for treatment, n in zip(treatments, rows, strict=True)]
    if (first := next((one for one in refused), None)) is not None and None not in refused:
        return first
    fold = np.random.default_rng([seed, log.n]).integers(0, N_FOLDS, log.n)
    pseudo = pseudo_outcomes(log, fold)
    tried = [FLOOR, *(one for one in learners if one.id != FLOOR.id and log.n >= MIN_BOOSTED)]
    scored = [_scored(one, log, fold, pseudo, treatments, refused, seed) for one in tried]
    now = np.zeros(log.n) if today is None else scores_of(today, pseudo, treatments)
    doubt = _doubt(scored[0], pseudo, treatments, refused, now, seed)
    contenders = tuple(_contender(one, scored[0], doubt) for one in scored)
    best = scored[_best(contenders)]
    table = _calibrations(best.scores, pseudo, treatments, refused)
    readings = tuple(map(_reading, treatments, rows.tolist(), refused, table))
    over = None if today is None else _gap(best.worth - now, doubt.over_today)
    return LearnedEffects(
        tuple(treatments), best.learner.id, best.scorers, tuple(table), readings, contenders, log.n, over
    )


def _scored(
    learner: Learner,
    log: Log,
    fold: Ints,
    pseudo: Floats,
    treatments: Sequence[Treatment],
    refused: Sequence[NotEstimable | None],
    seed: int,
) -> _Scored:
    scores, scorers = np.empty((log.n, len(treatments))), []
    for held in range(N_FOLDS):
        out = fold == held
        scorer = learner.fit(rows_of(log, ~out), seed)
        scores[out] = scorer(log.context[out])
        scorers.append(scorer)
    part = fold * N_PARTS + np.arange(log.n) % N_PARTS
    effect = _held_out(scores, pseudo, part, treatments, refused)
    action = chosen(effect, treatments)
    worth, added = scores_of(action, pseudo, treatments), added_of(action, pseudo)
    missed = _missed(effect, pseudo, treatments, refused)
    return _Scored(learner, tuple(scorers), scores, part, worth, added, missed)


def _held_out(
    scores: Floats, pseudo: Floats, part: Ints, treatments: Sequence[Treatment], refused: Sequence[NotEstimable | None]
) -> Floats:
    """Give (n, treatments): effects by calibrations that have not seen the row's part either."""
    effect = np.empty(scores.shape)
    for held in range(N_FOLDS * N_PARTS):
        out = part == held
        kept = ~out
        table = _calibrations(scores[kept], pseudo[kept], treatments, refused)
        effect[out] = effects_from(scores[out], table, treatments).mean
    return effect


def _doubt(
    one: _Scored,
    pseudo: Floats,
    treatments: Sequence[Treatment],
    refused: Sequence[NotEstimable | None],
    now: Floats,
    seed: int,
) -> _Doubt:
    """Give the variances of a plan's value that the choice of the plan is a part of; none for large logs."""
    if len(pseudo) >= MIN_BOOSTED:
        return _Doubt()

    def values(rows: Ints) -> Floats:
        told = pseudo[rows]
        action = chosen(_held_out(one.scores[rows], told, one.part[rows], treatments, refused), treatments)
        worth = scores_of(action, told, treatments)
        return np.array([worth.mean(), added_of(action, told).mean(), (worth - now[rows]).mean()])

    return _Doubt(*redrawn(values, len(pseudo), seed).tolist())


def _missed(
    effect: Floats, pseudo: Floats, treatments: Sequence[Treatment], refused: Sequence[NotEstimable | None]
) -> Floats:
    known = [place for place, why in enumerate(refused) if why is None]
    worth = np.array([treatments[place].worth for place in known])
    squares: Floats = ((worth * (pseudo[:, known] - effect[:, known])) ** 2).sum(axis=1)
    return squares


def _calibrations(
    scores: Floats, pseudo: Floats, treatments: Sequence[Treatment], refused: Sequence[NotEstimable | None]
) -> list[Calibration | None]:
    """Give each treatment's calibration: measured, or assumed where it may not be measured, or none."""
    known = [place for place, why in enumerate(refused) if why is None]
    own = calibrated(scores[:, known], pseudo[:, known], [treatments[place] for place in known])
    table: list[Calibration | None] = [
        assumed(treatment) if why is not None and treatment.assumed is not None else None
        for treatment, why in zip(treatments, refused, strict=True)
    ]
    for place, one in zip(known, own, strict=True):
        table[place] = one
    return table


def _contender(one: _Scored, floor: _Scored, doubt: _Doubt) -> Contender:
    return Contender(
        learner=one.learner.id,
        value=_mean(one.worth, doubt.worth),
        added=_mean(one.added, doubt.added),
        over_floor=_gap(one.worth - floor.worth),
        closer=_gap(floor.missed - one.missed),
    )


def _gap(gaps: Floats, least: float = 0.0) -> Estimate:
    if not gaps.any():
        return NotEstimable(code="no_variance", message="Both make the same plan: there is no difference.")
    return _mean(gaps, least)


def _best(contenders: Sequence[Contender]) -> int:
    """Give the booster whose effects are closest, of those closer than the floor's beyond chance and worth more.

    A plan's value moves only where plans differ, and there by single orders: over a million rows its noise is a third
    of what boosters gain. The squared error sees every row, so luck is told from gain with a tenth of them.
    """
    gains = [one.closer.estimate if _beats(one) and isinstance(one.closer, Interval) else 0.0 for one in contenders]
    return gains.index(max(gains))


def _beats(one: Contender) -> bool:
    is_worth_more = isinstance(one.over_floor, Interval) and one.over_floor.estimate > 0
    return is_worth_more and leads_by(one.closer, LEAD)


def leads_by(gap: Estimate, errors: float) -> TypeGuard[Interval]:
    """Say whether a lead is more than so many standard errors; half an interval is its quantile of them."""
    if isinstance(gap, NotEstimable):
        return False
    return gap.estimate > errors * (gap.high - gap.estimate) / normal_quantile(gap.level)


def _mean(scores: Floats, least: float = 0.0) -> Interval:
    return normal_interval(float(scores.mean()), max(float(scores.var(ddof=1)) / len(scores), least), METHOD)


def _reading(
    treatment: Treatment, rows: float, refused: NotEstimable | None, table: Calibration | None
) -> TreatmentReading:
    told = refused if table is None else normal_interval(table.level, table.average_variance(), METHOD)
    assert told is not None
    return TreatmentReading(
        treatment=treatment.id, effective_rows=round(rows, 1), effect=told, is_assumed=refused is not None
    )
