"""A person's chance of something within a window, learned from the shop's own past (S2-61).

Features are read as of a day one window back, what then happened is the answer; a third of the people is held out to
judge. A ridge-penalised logistic regression, because it is small, monotone and says why. What is asked is an
`Outcome`: a further order (`repeat`), or leaving (`leaving`).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from memory.domain.base import Count, Frozen, Instant, Rate
from memory.domain.experiment import Interval
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView
from tools.experiments import unit_intervals

from .families import COLUMNS, FAMILIES, SIX, Family, Floats, Scale, features, matrix
from .judging import CalibrationBin, Flags, auc, brier, calibration, importance

MIN_PEOPLE, MIN_EACH = 200, 30
HELD_OUT_RATE = 1 / 3
PENALTY = 1.0
MOST_JUDGED = 50_000
"""Held-out people used for importance; more would only make it slower."""
BANDS = ("low", "middle", "high")


@dataclass(frozen=True)
class Outcome:
    """What a chance is of."""

    id: Literal["repeat", "leaving"]
    """Names it; columns of people are `<id>_chance` and `<id>_band`."""
    whose: str
    """Whom it is asked of, in a refusal: buyers."""
    happened_to: str
    """What happened to those it did, in a refusal: ordered again."""
    n_people: Callable[[LakeView, Shop, datetime], int]
    """Counts whom it is asked of, cheaply."""
    keep: Callable[[ir.Table], ir.Table]
    """Keeps the profiles of whom it is asked."""
    happened: Callable[[LakeView, Shop, datetime, datetime, pa.Table], Flags]
    """Says per row of people whether it happened in (after, until]."""
    limits: str
    """What the chances must not be used for."""

    @property
    def schema(self) -> pa.Schema:
        """person_id, the chance, and low, middle or high: thirds of the people."""
        return pa.schema(
            [("person_id", pa.string()), (f"{self.id}_chance", pa.float64()), (f"{self.id}_band", pa.string())]
        )


class FamilyImportance(Frozen):
    """What one family of features adds."""

    family: Family
    """The family."""
    features: tuple[str, ...]
    """Attributes of the profile."""
    is_known: bool
    """Whether the shop's facts say anything about it: whether any of them differs between people."""
    auc_lost: Interval
    """AUC lost when it is shuffled; near 0 where the family adds nothing, or the others say the same."""
    weights: dict[str, float]
    """Change of the log odds per standard deviation of each feature; correlation, not cause."""


class PredictionCard(Frozen):
    """What a table of chances was learned on, how good it is, and what it must not be used for."""

    outcome: Literal["repeat", "leaving"]
    """What the chance is of."""
    window_days: Count
    """Within so many days."""
    features_at: Instant
    """The features were read as of this instant."""
    outcome_until: Instant
    """What happened after it, up to this instant, is the answer."""
    n_people: Count
    """People it was asked of then."""
    n_happened: Count
    """To whom of them it happened in the window."""
    n_held_out: Count
    """People it was judged on and not learned on."""
    base_rate: Rate
    """Share to whom it happened, among those it was learned on."""
    auc: Interval
    """On held-out people; 0.5 is chance."""
    auc_simple: Interval
    """The same for recency, number of orders and revenue alone."""
    brier: Interval
    """On held-out people; smaller is better."""
    brier_simple: Interval
    """For recency, number of orders and revenue alone."""
    brier_base: Interval
    """For telling everybody the base rate."""
    beats_base_rate: bool
    """Whether it is better than telling everybody the base rate; if not, don't use the chances."""
    beats_simple: bool
    """Whether the six families add to recency, number of orders and revenue."""
    calibration: tuple[CalibrationBin, ...]
    """Fifths of held-out people by chance."""
    families: tuple[FamilyImportance, ...]
    """The six families, then the history of purchases."""
    limits: str
    """What it must not be used for."""


class ChancePeople(NamedTuple):
    """The card and the chances as of today."""

    card: PredictionCard
    people: pa.Table
    """`Outcome.schema`."""


class _Learned(NamedTuple):
    scale: Scale
    weights: Floats
    intercept: float
    columns: list[int]

    def score(self, values: Floats) -> Floats:
        """Give the log odds per row of raw features."""
        scored: Floats = self.scale.apply(values)[:, self.columns] @ self.weights + self.intercept
        return scored

    def chance(self, values: Floats) -> Floats:
        """Give the chance per row of raw features."""
        chance: Floats = 1 / (1 + np.exp(-self.score(values)))
        return chance


def predict_chance(
    outcome: Outcome, view: LakeView, shop: Shop, as_of: datetime, *, window_days: int = 90, seed: int = 1
) -> ChancePeople | NotEstimable:
    """Give everybody's chance of the outcome in the window after `as_of`, with the card of the table.

    Not estimable below 200 people a window ago, or where it happened, or did not, to fewer than 30.
    """
    then = as_of - timedelta(days=window_days)
    if (n := outcome.n_people(view, shop, then)) < MIN_PEOPLE:
        return _refusal(outcome, n, window_days)
    rows = features(view, shop, then, outcome.keep)
    happened = outcome.happened(view, shop, then, as_of, rows)
    if (refusal := _too_little(outcome, happened, window_days)) is not None:
        return refusal
    values, held = matrix(rows), _held_out(rows)
    learned = _learn(values[~held], happened[~held], list(range(len(COLUMNS))))
    simple_columns = [COLUMNS.index(name) for name in FAMILIES["history"]]
    simple = _learn(values[~held], happened[~held], simple_columns)
    card = _card(outcome, values, happened, held, learned, simple, (window_days, then, as_of), seed)
    final = _learn(values, happened, list(range(len(COLUMNS))))
    today = features(view, shop, as_of, outcome.keep)
    return ChancePeople(card, _people(outcome, today, final.chance(matrix(today))))


def _too_little(outcome: Outcome, happened: Flags, window_days: int) -> NotEstimable | None:
    n, n_yes = len(happened), int(happened.sum())
    if n < MIN_PEOPLE or min(n_yes, n - n_yes) < MIN_EACH:
        return _refusal(outcome, n, window_days, f", of whom {n_yes} {outcome.happened_to}")
    return None


def _refusal(outcome: Outcome, n: int, window_days: int, more: str = "") -> NotEstimable:
    return NotEstimable(
        code="too_few_people",
        message=f"{n} {outcome.whose} {window_days} days ago{more}; a chance needs {MIN_PEOPLE} {outcome.whose}, "
        f"{MIN_EACH} of whom {outcome.happened_to} and {MIN_EACH} of whom did not.",
    )


def _held_out(rows: pa.Table) -> Flags:
    """Withhold a third of the people by a hash of their id: the same people in every run."""
    key = hashlib.sha256(b"second-order/held-out").digest()
    held: Flags = unit_intervals(key, ("held-out",), rows["person_id"]) < HELD_OUT_RATE
    return held


def _learn(values: Floats, happened: Flags, columns: list[int]) -> _Learned:
    from sklearn.linear_model import LogisticRegression

    scale = Scale(values)
    found: Any = LogisticRegression(C=1 / PENALTY, max_iter=500, tol=1e-8)
    found.fit(scale.apply(values)[:, columns], happened)
    return _Learned(scale, np.asarray(found.coef_[0], dtype=np.float64), float(found.intercept_[0]), columns)


def _card(
    outcome: Outcome,
    values: Floats,
    happened: Flags,
    held: Flags,
    learned: _Learned,
    simple: _Learned,
    window: tuple[int, datetime, datetime],
    seed: int,
) -> PredictionCard:
    judged, answer = values[held], happened[held]
    base = float(happened[~held].mean())
    chance, plain = learned.chance(judged), simple.chance(judged)
    scores = brier(chance, answer), brier(plain, answer), brier(np.full(len(answer), base), answer)
    return PredictionCard(
        outcome=outcome.id,
        limits=outcome.limits,
        window_days=window[0],
        features_at=window[1],
        outcome_until=window[2],
        n_people=len(happened),
        n_happened=int(happened.sum()),
        n_held_out=int(held.sum()),
        base_rate=base,
        auc=auc(chance, answer),
        auc_simple=auc(plain, answer),
        brier=scores[0],
        brier_simple=scores[1],
        brier_base=scores[2],
        beats_base_rate=scores[0].estimate < scores[2].estimate,
        beats_simple=scores[0].estimate < scores[1].estimate,
        calibration=calibration(chance, answer),
        families=_families(judged[:MOST_JUDGED], answer[:MOST_JUDGED], learned, seed),
    )


def _families(judged: Floats, answer: Flags, learned: _Learned, seed: int) -> tuple[FamilyImportance, ...]:
    scaled, score = learned.scale.apply(judged), learned.score(judged)
    found = []
    for family in (*SIX, "history"):
        names = FAMILIES[family]
        columns = [COLUMNS.index(name) for name in names]
        found.append(
            FamilyImportance(
                family=family,
                features=names,
                is_known=bool(learned.scale.varies[columns].any()),
                auc_lost=importance(score, learned.weights, scaled, answer, columns, seed=seed),
                weights={name: float(learned.weights[place]) for name, place in zip(names, columns, strict=True)},
            )
        )
    return tuple(found)


def _people(outcome: Outcome, today: pa.Table, chance: npt.NDArray[np.float64]) -> pa.Table:
    rank = np.empty(len(chance), dtype=np.int64)
    rank[np.lexsort((np.arange(len(chance)), chance))] = np.arange(len(chance))  # ties by id
    bands = np.array(BANDS, dtype=object)[rank * len(BANDS) // max(len(chance), 1)]
    columns = [today["person_id"], pa.array(chance), pa.array(bands, pa.string())]
    return pa.table(columns, names=outcome.schema.names).cast(outcome.schema)
