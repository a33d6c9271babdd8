"""From a shop's training rows to the table its decisions go by: per kind of message ridge, perhaps trees, and fatigue.

Boosters are tried where there are rows enough; the best is kept beside the ridge table where it beats it (`learn`). A
kind goes by a table only where the plan it makes is worth more on held-out rows than what is sent without it, beyond
chance; else assumptions and lessons stand.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.canonical import content_hash
from memory.domain.cohort import COHORTS, CohortId
from memory.domain.learned import BoostedEffects, KindEffects, ShopEffects, Term
from memory.domain.message import MESSAGE_KINDS, MessageKind
from memory.domain.outcome import NotEstimable
from tools.offpolicy.log import Floats, Log
from tools.priors.effects import Effect

from .boosters import BoostedScores
from .fatigue import DoseLog, learn_fatigue
from .flat import flat_trees
from .learn import MIN_BOOSTED, leads_by, learn_effects
from .learned import LearnedEffects, jackknife
from .learner import Scorer
from .learners import FLOOR, LEARNERS
from .linear import LinearScores
from .shop_log import ROW_COLUMNS
from .support import effective_rows
from .treatment import Treatment

SURE = 1.645
"""Standard errors by which a table must beat what is sent without it: by luck 5 of 100 do."""
EffectOf = Callable[[CohortId, MessageKind], Effect]
"""What is assumed, or measured by lessons, of a cohort and kind."""


def learn_shop(
    rows: pa.Table,
    worth_minor: Mapping[str, float],
    effect_of: EffectOf,
    *,
    shop_id: str,
    data_version: int,
    learned_at: datetime,
    label: str,
    within_days: int,
    seed: int,
) -> ShopEffects:
    """Learn every kind of message and fatigue from `training_rows`.

    `worth_minor` is the margin of an order per plan id; decisions of other plans are left out.
    """
    priced = rows.filter(pc.is_in(rows["plan_id"], pa.array(list(worth_minor), pa.string())))
    known = priced.filter(priced["is_order_known"])
    present = set(pc.unique(priced["message_kind"]).to_pylist())
    kinds = [
        learn_kind(kind, known.filter(pc.equal(known["message_kind"], kind)), worth_minor, effect_of, seed)
        for kind in MESSAGE_KINDS
        if kind in present
    ]
    return ShopEffects(
        shop_id=shop_id,
        data_version=data_version,
        learned_at=learned_at,
        label=label,
        within_days=within_days,
        kinds=tuple(kinds),
        fatigue=learn_fatigue(dose_of(rows), label),
    )


def learn_kind(
    kind: MessageKind, rows: pa.Table, worth_minor: Mapping[str, float], effect_of: EffectOf, seed: int
) -> KindEffects:
    """Learn one kind from its rows; refused where chance took part too rarely."""
    if not rows.num_rows:
        return _refused(kind, rows, 0.0, NotEstimable(code="window_open", message="No decision's window is over yet."))
    names = [name for name in rows.column_names if name not in ROW_COLUMNS]
    log = log_of(rows, names)
    effects = {cohort: effect_of(cohort, kind) for cohort in COHORTS}
    mean = _per_row(rows, {cohort: one.mean for cohort, one in effects.items()}, "cohort")
    sd = _per_row(rows, {cohort: one.sd for cohort, one in effects.items()}, "cohort")
    worth = float(_per_row(rows, worth_minor, "plan_id").mean())
    cost = float(rows["cost_millis"].to_numpy().mean()) / 1000
    treatment = Treatment(id=kind, worth=worth, cost=cost, assumed=float(mean.mean()), assumed_sd=float(sd.mean()))
    is_owed = rows["message_class"][0].as_py() != "promotional"
    today = ((mean * worth > cost) | is_owed).astype(np.int64)
    found = learn_effects(log, [treatment], seed=seed, learners=(FLOOR,), today=today)
    if isinstance(found, NotEstimable):
        return _refused(kind, rows, float(effective_rows(log)[0]), found)
    table = _table(kind, log, names, found, can_be_used=not is_owed, seed=seed)
    if log.n < MIN_BOOSTED:
        return table
    best = learn_effects(log, [treatment], seed=seed, learners=LEARNERS, today=today)
    assert isinstance(best, LearnedEffects)
    if best.learner == FLOOR.id:
        return table
    return table.model_copy(update={"boosted": _boosted(kind, log, names, best, can_be_used=not is_owed, seed=seed)})


def log_of(rows: pa.Table, names: list[str]) -> Log:
    """Give the rows as a log of two actions: nothing, and the message."""
    context = np.column_stack([rows[name].to_numpy().astype(np.float64) for name in names])
    sent = rows["is_sent"].to_numpy(zero_copy_only=False).astype(np.int64)
    chance = rows["send_chance"].to_numpy().astype(np.float64)
    logging = np.column_stack([1 - chance, chance])
    outcome = rows["n_orders_after"].to_numpy().astype(np.float64)
    return Log(context, sent, outcome, logging[np.arange(len(sent)), sent], logging)


def dose_of(rows: pa.Table) -> DoseLog:
    """Give the rows as doses: what people had heard, what was sent, who left; where it is known who left."""
    known = rows.filter(rows["is_leaving_known"])
    sent = known["is_sent"].to_numpy(zero_copy_only=False).astype(bool)
    chance = known["send_chance"].to_numpy().astype(np.float64)
    return DoseLog(
        load=known["load"].to_numpy().astype(np.int64),
        is_at_risk=known["is_at_risk"].to_numpy(zero_copy_only=False).astype(bool),
        is_sent=sent,
        has_left=known["has_left"].to_numpy(zero_copy_only=False).astype(bool),
        propensity=np.where(sent, chance, 1 - chance),
    )


def _per_row(rows: pa.Table, values: Mapping[str, float], column: str) -> Floats:
    place = pc.index_in(rows[column].combine_chunks(), pa.array(list(values), pa.string())).to_numpy()
    given: Floats = np.array(list(values.values()), dtype=np.float64)[place]
    return given


def _refused(kind: MessageKind, rows: pa.Table, effective: float, why: NotEstimable) -> KindEffects:
    return KindEffects(
        kind=kind, n=rows.num_rows, effective_rows=round(effective, 1), average=why, net_minor=why,
        over_today_minor=why, is_used=False,
    )  # fmt: skip


def _table(
    kind: MessageKind, log: Log, names: list[str], found: LearnedEffects, *, can_be_used: bool, seed: int
) -> KindEffects:
    """Give the floor's table learnt on all rows, calibrated as the folds say."""
    every = FLOOR.fit(log, seed)
    constant, terms = terms_of(every, names)
    figures = _figures(log, found, every, can_be_used=can_be_used)
    return KindEffects(kind=kind, constant=constant, terms=terms, **figures)


def _boosted(
    kind: MessageKind, log: Log, names: list[str], found: LearnedEffects, *, can_be_used: bool, seed: int
) -> BoostedEffects:
    """Give the winner's table learnt on all rows, calibrated as the folds say."""
    winner = next(one for one in LEARNERS if one.id == found.learner)
    every = winner.fit(log, seed)
    assert isinstance(every, BoostedScores)
    constant, terms = (0.0, ()) if every.floor is None else terms_of(every.floor, names)
    trees = flat_trees(every.parts[0], names)
    lead = next(one.over_floor for one in found.contenders if one.learner == found.learner)
    return BoostedEffects(
        kind=kind, constant=constant, terms=terms, learner=found.learner, over_floor_minor=lead, trees=trees,
        trees_hash=content_hash(trees.model_dump(mode="json")),
        **_figures(log, found, every, can_be_used=can_be_used),
    )  # fmt: skip


def _figures(log: Log, found: LearnedEffects, every: Scorer, *, can_be_used: bool) -> dict[str, Any]:
    """Give what a table of scores learnt on all rows says of itself: claims and calibration of the folds."""
    told = np.array([scorer(log.context) for scorer in found.scorers])
    calibration, over = found.calibrations[0], found.over_today
    assert calibration is not None
    assert over is not None
    unsure = calibration.slope**2 * float(jackknife(told).mean())
    return {
        "n": log.n,
        "effective_rows": found.readings[0].effective_rows,
        "average": found.readings[0].effect,
        "net_minor": found.value,
        "over_today_minor": over,
        "added_orders": found.added,
        "is_used": can_be_used and leads_by(over, SURE),
        "centre": float(every(log.context).mean()),
        "level": calibration.level,
        "slope": calibration.slope,
        "level_variance": calibration.level_variance + unsure,
        "slope_variance": calibration.slope_variance,
    }


def terms_of(scores: LinearScores, names: list[str]) -> tuple[float, tuple[Term, ...]]:
    """Give one treatment's line as it is kept: the constant, and a term per feature."""
    weights, terms = scores.weights[0], scores.terms
    slopes, bends = weights[1 : 1 + len(names)], np.zeros(len(names))
    bends[terms.is_hinged > 0] = weights[1 + len(names) :]
    return float(weights[0]), tuple(
        Term(feature=name, centre=float(c), spread=float(s), slope=float(a), bend=float(b))
        for name, c, s, a, b in zip(names, terms.centre, terms.spread, slopes, bends, strict=True)
    )
