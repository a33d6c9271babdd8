"""Learn effects from a log: every learner scores held-out rows, the floor stays unless one is worth more on them."""

from collections.abc import Sequence
from typing import NamedTuple, TypeGuard

import numpy as np

from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable
from tools.experiments.intervals import normal_interval, normal_quantile
from tools.offpolicy.log import Floats, Ints, Log

from .arm import Arm
from .calibration import Calibration, assumed, calibrated
from .choice import chosen, scores_of
from .learned import ArmReading, Contender, LearnedEffects, LearnedOrNot, effects_from
from .learner import Learner, Scorer, rows_of
from .learners import FLOOR, LEARNERS
from .pseudo import pseudo_outcomes
from .support import effective_rows, ready, refusal

N_FOLDS = 4
N_PARTS = 4
"""Parts of a fold: scores are calibrated on all parts but one, so that claims are of plans nearly as good as the last.
"""
MIN_BOOSTED = 20_000
"""Rows below which no booster is tried: ridge won every time (engine 2.5)."""
LEAD = 2.5
"""Standard errors by which a booster has to lead: of four that are no better, one does in 2 to 3 logs of 100."""
METHOD = "held-out doubly robust, 4 folds, normal interval"


class _Scored(NamedTuple):
    learner: Learner
    scorers: tuple[Scorer, ...]
    scores: Floats
    """(n, arms), each row by the learner that did not see it."""
    worth: Floats
    """(n,): what each row says of the plan."""


def learn_effects(log: Log, arms: Sequence[Arm], *, seed: int, learners: Sequence[Learner] = LEARNERS) -> LearnedOrNot:
    """Learn each arm's effect per person; raise `InvalidInput` for a malformed log.

    Not estimable where the log says nothing of any arm (`no_support`, `low_ess`); arms of which it alone says too
    little keep what is assumed of them, and without an assumption are never sent.
    """
    ready(log, arms)
    rows = effective_rows(log)
    refused = [refusal(arm, float(n)) for arm, n in zip(arms, rows, strict=True)]
    if (first := next((one for one in refused), None)) is not None and None not in refused:
        return first
    fold = np.random.default_rng([seed, log.n]).integers(0, N_FOLDS, log.n)
    pseudo = pseudo_outcomes(log, fold)
    tried = [FLOOR, *(one for one in learners if one.id != FLOOR.id and log.n >= MIN_BOOSTED)]
    scored = [_scored(one, log, fold, pseudo, arms, refused, seed) for one in tried]
    contenders = tuple(_contender(one, scored[0]) for one in scored)
    best = scored[_best(contenders)]
    table = _calibrations(best.scores, pseudo, arms, refused)
    readings = tuple(map(_reading, arms, rows.tolist(), refused, table))
    return LearnedEffects(tuple(arms), best.learner.id, best.scorers, tuple(table), readings, contenders, log.n)


def _scored(
    learner: Learner,
    log: Log,
    fold: Ints,
    pseudo: Floats,
    arms: Sequence[Arm],
    refused: Sequence[NotEstimable | None],
    seed: int,
) -> _Scored:
    scores, scorers = np.empty((log.n, len(arms))), []
    for held in range(N_FOLDS):
        out = fold == held
        scorer = learner.fit(rows_of(log, ~out), seed)
        scores[out] = scorer(log.context[out])
        scorers.append(scorer)
    worth, part = np.empty(log.n), fold * N_PARTS + np.arange(log.n) % N_PARTS
    for held in range(N_FOLDS * N_PARTS):  # what calibrates a part has not seen its outcomes either
        out = part == held
        table = _calibrations(scores[~out], pseudo[~out], arms, refused)
        action = chosen(effects_from(scores[out], table, arms).mean, arms)
        worth[out] = scores_of(action, pseudo[out], arms)
    return _Scored(learner, tuple(scorers), scores, worth)


def _calibrations(
    scores: Floats, pseudo: Floats, arms: Sequence[Arm], refused: Sequence[NotEstimable | None]
) -> list[Calibration | None]:
    """Give each arm's calibration: measured, or assumed where it may not be measured, or none."""
    known = [place for place, why in enumerate(refused) if why is None]
    own = calibrated(scores[:, known], pseudo[:, known], [arms[place] for place in known])
    table: list[Calibration | None] = [
        assumed(arm) if why is not None and arm.assumed is not None else None
        for arm, why in zip(arms, refused, strict=True)
    ]
    for place, one in zip(known, own, strict=True):
        table[place] = one
    return table


def _contender(one: _Scored, floor: _Scored) -> Contender:
    gap = one.worth - floor.worth
    over = (
        _mean(gap)
        if gap.any()
        else NotEstimable(code="no_variance", message="It makes the floor's plan: there is no difference.")
    )
    return Contender(learner=one.learner.id, value=_mean(one.worth), over_floor=over)


def _best(contenders: Sequence[Contender]) -> int:
    """Give the learner that leads the floor by most, among those that lead it beyond chance; else the floor."""
    leads = [one.over_floor.estimate if _leads(one.over_floor) else 0.0 for one in contenders]
    return leads.index(max(leads))


def _leads(gap: Estimate) -> TypeGuard[Interval]:
    """Say whether a lead is more than `LEAD` standard errors; half an interval is that of its quantile."""
    if isinstance(gap, NotEstimable):
        return False
    return gap.estimate > LEAD * (gap.high - gap.estimate) / normal_quantile(gap.level)


def _mean(scores: Floats) -> Interval:
    return normal_interval(float(scores.mean()), float(scores.var(ddof=1)) / len(scores), METHOD)


def _reading(arm: Arm, rows: float, refused: NotEstimable | None, table: Calibration | None) -> ArmReading:
    told = refused if table is None else normal_interval(table.level, table.average_variance(), METHOD)
    assert told is not None
    return ArmReading(arm=arm.id, effective_rows=round(rows, 1), effect=told, is_assumed=refused is not None)
