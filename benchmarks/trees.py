"""Boosted trees in a tick: scoring by kept trees beside scikit-learn's predict and beside ridge, and learning them.

Candidates are all different, the dearest case: a tick scores each different row once. `BENCH_CANDIDATES` and
`BENCH_ROWS` set how many are scored and learned from.
"""

import os
import pickle
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import sklearn.ensemble
import threadpoolctl

from memory.domain.canonical import canonical_json, content_hash
from memory.domain.cohort import COHORTS
from memory.domain.learned import BoostedEffects, KindEffects, ShopEffects
from memory.domain.message import MessageKind
from memory.domain.outcome import NotEstimable
from memory.domain.trees import Trees
from memory.lake.view import LakeView
from tools.effects import FLOOR, LEARNERS, Treatment, learn_effects
from tools.effects.boosters import BoostedScores
from tools.effects.fatigue import assumed_fatigue
from tools.effects.features import feature, feature_names
from tools.effects.flat import flat_trees
from tools.effects.kept import Tables, tables_of, tree_scores, with_features
from tools.effects.learner import Learner
from tools.effects.learners import XLearner
from tools.effects.linear import LinearScores
from tools.effects.scoring import Scored, scored
from tools.effects.shop_table import terms_of
from tools.offpolicy.log import Floats, Log

from .measure import Figure, contend, take_turns

LOADED = (sklearn.ensemble, threadpoolctl)
"""Loaded before the clock starts."""
KIND: MessageKind = "january_mission"
NAMES = feature_names(("CH", "DE", "FR", "IT", "US"))
SEED = 20261128
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
N_FITTED = 50_000
"""Rows from which the trees that score are learned; the number of trees does not rest on it."""
TREATMENT = Treatment(id=KIND, worth=40.0, cost=0.2)
MODULE = "benchmarks.trees"
CANDIDATES, CONTEXT, BOOSTERS, LEARNED, KEPT = (
    "rows.parquet",
    "context.npy",
    "boosters.pkl",
    "learned.json",
    "kept.json",
)


def run(short: bool) -> list[Figure]:
    """Give CPU seconds and peak memory of scoring, beside both peers, and CPU seconds of learning."""
    n = 20_000 if short else int(os.environ.get("BENCH_CANDIDATES", "1000000"))
    n_rows = 20_000 if short else int(os.environ.get("BENCH_ROWS", "500000"))
    with tempfile.TemporaryDirectory() as folder:
        made = prepare(Path(folder), n)
        print(f"  {n:,} different candidates, {len(made.starts)} trees")
        k = 1 if short else 5
        alone = take_turns(MODULE, ["kept", "predict"], k, folder)
        tick = {name: take_turns(MODULE, [name], k, folder)[name] for name in ("by_trees", "by_ridge")}
    names = ["floor", "booster"] if short else ["floor", "booster", "every"]
    learned = take_turns(MODULE, names, 1 if short else 2, str(n_rows))
    kept, predict, floor = alone["kept"], alone["predict"], learned["floor"]
    by_trees, by_ridge = tick["by_trees"], tick["by_ridge"]
    peer = "scikit-learn's predict"
    return [
        Figure(f"CPU of the trees alone, {n:,} rows", kept.cpu_seconds, predict.cpu_seconds, "s", peer),
        Figure("peak memory of the trees alone", kept.peak_mb, predict.peak_mb, "MB", peer),
        Figure(f"CPU of a tick's effects, {n:,} candidates", by_trees.cpu_seconds, by_ridge.cpu_seconds, "s", "ridge"),
        Figure("peak memory of a tick's effects", by_trees.peak_mb, by_ridge.peak_mb, "MB", "ridge"),
        *(
            Figure(f"CPU of learning with {said}, {n_rows:,} rows", learned[name].cpu_seconds, floor.cpu_seconds, "s",
                   "ridge alone")
            for name, said in (("booster", "one booster"), ("every", "every booster"))
            if name in learned
        ),
    ]  # fmt: skip


def prepare(folder: Path, n: int) -> Trees:
    """Write candidates, their features, fitted boosters and what is kept of them; give the trees."""
    rows = candidates(n)
    pq.write_table(rows, folder / CANDIDATES)
    context = features_of(rows)
    np.save(folder / CONTEXT, context)
    log = logged(context[:N_FITTED])
    boosters, line = XLearner().fit(log, SEED), FLOOR.fit(log, SEED)
    assert isinstance(line, LinearScores)
    (folder / BOOSTERS).write_bytes(pickle.dumps(boosters))
    trees = flat_trees(boosters.parts[0], NAMES)
    kept = trees.model_dump(mode="json")
    (folder / LEARNED).write_bytes(canonical_json(_effects(line, content_hash(kept))))
    (folder / KEPT).write_bytes(canonical_json({KIND: kept}))
    return trees


def candidates(n: int) -> pa.Table:
    """Give n candidates that all differ in when their people last ordered."""
    rng = np.random.default_rng([SEED, n])
    last = np.int64(AT.timestamp()) - 86_400 - rng.permutation(n).astype(np.int64) * 31
    markets = ("CH", "DE", "FR", "IT", "US")
    return pa.table(
        {
            "message_kind": pa.repeat(KIND, n),
            "cohort": pa.array(list(COHORTS), pa.string()).take(pa.array(rng.integers(0, len(COHORTS), n))),
            "market": pa.array(markets, pa.string()).take(pa.array(rng.integers(0, len(markets), n))),
            "n_orders": rng.geometric(0.5, n),
            "last_order_at": pa.array(last * 1_000_000, pa.timestamp("us", "UTC")),
            "send_at": pa.repeat(pa.scalar(AT, pa.timestamp("us", "UTC")), n),
            "n_promotional": rng.integers(0, 8, n),
            "n_value": rng.integers(0, 8, n),
            "n_sent_window": rng.integers(0, 3, n),
            "cap_rate": rng.choice([0.5, 1.0], n),
        }
    )


def features_of(rows: pa.Table) -> Floats:
    """Give (n, d): candidates' features."""
    with LakeView({}) as view:
        table = view.memory_table("bench_rows", rows)
        told = table.select(**{f"f{place}": feature(table, name) for place, name in enumerate(NAMES)}).to_pyarrow()
    return np.column_stack([column.to_numpy() for column in told.columns])


def logged(context: Floats) -> Log:
    """Give a log in which chance sent to half, with an effect that no line follows."""
    rng = np.random.default_rng([SEED, 1, len(context)])
    z = (context - context.mean(axis=0)) / np.maximum(context.std(axis=0), 1e-9)
    action = rng.integers(0, 2, len(z))
    chance = 0.10 + action * (0.01 + 0.02 * (z[:, -5] * z[:, -4] > 0)) + 0.02 * (z[:, -3] > 0)
    half = np.full(len(z), 0.5)
    return Log(context, action, (rng.random(len(z)) < chance).astype(np.float64), half, np.column_stack([half, half]))


def _effects(line: LinearScores, trees_hash: str) -> ShopEffects:
    nobody = NotEstimable(code="low_ess", message="nothing is claimed here")
    constant, terms = terms_of(line, list(NAMES))
    values: dict[str, Any] = {
        "kind": KIND, "n": N_FITTED, "effective_rows": N_FITTED / 2, "average": nobody, "net_minor": nobody,
        "over_today_minor": nobody, "is_used": True, "level": 0.02, "slope": 0.8, "level_variance": 1e-6,
        "slope_variance": 1e-2,
    }  # fmt: skip
    boosted = BoostedEffects(**values, learner="x", over_floor_minor=nobody, trees_hash=trees_hash)
    own = KindEffects(**values, constant=constant, terms=terms, boosted=boosted)
    return ShopEffects(shop_id="bench", data_version=1, learned_at=AT, label="learned:v1", within_days=90,
                       kinds=(own,), fatigue=assumed_fatigue())  # fmt: skip


def kept(folder: str) -> str:
    """Score features by the trees as they are kept; reading them is a part of it."""
    return _said(_read(folder).trees[KIND].score(np.load(Path(folder) / CONTEXT)))


def predict(folder: str) -> str:
    """Score the same features by the boosters they were made from."""
    boosters = pickle.loads((Path(folder) / BOOSTERS).read_bytes())
    assert isinstance(boosters, BoostedScores)
    return _said(boosters(np.load(Path(folder) / CONTEXT))[:, 0])


def by_trees(folder: str) -> str:
    """Give candidates their effects as a tick does: features, different rows, trees, joined back."""
    return _ticked(folder, _read(folder))


def by_ridge(folder: str) -> str:
    """Do the same by the ridge table below the trees."""
    return _ticked(folder, _read(folder, can_read=False))


def _read(folder: str, *, can_read: bool = True) -> Tables:
    found = ShopEffects.model_validate_json((Path(folder) / LEARNED).read_bytes())
    return tables_of(found, (Path(folder) / KEPT).read_text() if can_read else "")


def _ticked(folder: str, tables: Tables) -> str:
    with LakeView({}) as view:
        table = view.memory_table("bench_candidates", pq.read_table(Path(folder) / CANDIDATES))
        none = Scored(table.cap_rate * 0.0, table.cap_rate * 0.0, table.cohort)
        if tables.trees:
            table, different = with_features(table, tables)
            keys = different.columns
            found = view.memory_table("bench_scores", tree_scores(different.to_pyarrow(), tables))
            right = found.rename({f"of_{key}": key for key in keys})
            table = table.left_join(right, [table[key] == right[f"of_{key}"] for key in keys])
        mean, sd, source = scored(table, tables, none)
        return str(table.select(mean=mean, sd=sd, source=source).to_pyarrow().num_rows)


def _learned(n_rows: str, learners: Sequence[Learner]) -> str:
    log = logged(features_of(candidates(int(n_rows))))
    learn_effects(log, [TREATMENT], seed=SEED, learners=learners)
    return n_rows


def floor(n_rows: str) -> str:
    """Learn effects with ridge alone; working the features out is a part of all three."""
    return _learned(n_rows, (FLOOR,))


def booster(n_rows: str) -> str:
    """Learn effects with the X-learner tried beside ridge."""
    return _learned(n_rows, (FLOOR, XLearner()))


def every(n_rows: str) -> str:
    """Learn effects as a shop does: every booster is tried."""
    return _learned(n_rows, LEARNERS)


def _said(scores: Floats) -> str:
    return f"{float(scores.mean()):.6f} {float(scores.std()):.6f}"


if __name__ == "__main__":
    contend(
        {
            "kept": kept, "predict": predict, "by_trees": by_trees, "by_ridge": by_ridge, "floor": floor,
            "booster": booster, "every": every,
        }
    )  # fmt: skip
