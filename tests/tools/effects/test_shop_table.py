import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from memory.domain.cohort import CohortId
from memory.domain.experiment import Interval
from memory.domain.learned import ShopEffects
from memory.domain.message import MessageKind
from memory.domain.outcome import NotEstimable
from tools.effects.features import feature_names
from tools.effects.kept import tables_of
from tools.effects.shop_table import learn_shop
from tools.priors.effects import Effect

pytestmark = pytest.mark.slow

AT = datetime(2026, 9, 1, tzinfo=UTC)


def rows(n: int, good: float, bad: float, *, seed: int = 1, chance: float = 0.5, **changes: Any) -> pa.Table:
    """People who heard much gain `bad`, others `good`, over one order in ten."""
    rng = np.random.default_rng(seed)
    heard = rng.integers(0, 8, n)
    sent = rng.random(n) < chance
    orders = rng.random(n) < 0.1 + sent * np.where(heard < 4, good, bad)
    texts = {"message_kind": "cross_sell", "message_class": "promotional", "cohort": "vip", "plan_id": "plan"}
    columns = {name: pa.array([text] * n, pa.string()) for name, text in texts.items()} | {
        "is_sent": sent, "send_chance": np.full(n, chance),
        "cost_millis": np.full(n, 100_000.0), "n_orders_after": orders.astype(np.int64), "has_left": np.zeros(n, bool),
        "load": heard, "is_at_risk": np.zeros(n, bool), "is_order_known": np.ones(n, bool),
        "is_leaving_known": np.ones(n, bool), **changes,
    }  # fmt: skip
    features = {name: np.zeros(n) for name in feature_names(["DE"])}
    return pa.table(columns | features | {"heard": heard.astype(float), "away": rng.random(n)})


def assumed(cohort: CohortId, kind: MessageKind) -> Effect:
    return Effect(mean=0.06, sd=0.05)


def learned(table: pa.Table, worth: float = 2_000.0) -> ShopEffects:
    return learn_shop(table, {"plan": worth}, assumed, shop_id="nord", data_version=7, learned_at=AT,
                      label="learned:v7 over x", within_days=90, seed=1)  # fmt: skip


def test_a_table_is_used_where_it_earns_more_than_what_is_assumed() -> None:
    """Two thousand an order, a hundred a send: right for those who heard little, wrong for the others."""
    [kind] = learned(rows(6_000, 0.2, -0.1)).kinds
    assert kind.is_used
    assert isinstance(kind.over_today_minor, Interval)
    assert kind.over_today_minor.low > 0
    assert isinstance(kind.average, Interval)
    assert kind.average.low < 0.05 < kind.average.high
    assert kind.effective_rows > 2_000
    assert isinstance(kind.added_orders, Interval)
    assert kind.added_orders.low < 0.5 * 0.2 < kind.added_orders.high, "half of the people gain 0.2 and are sent to"
    assert {term.feature for term in kind.terms} == set(feature_names(["DE"]))


def test_a_table_that_makes_the_same_plan_is_not_used() -> None:
    [kind] = learned(rows(6_000, 0.2, 0.2)).kinds
    assert not kind.is_used


def test_trees_that_beat_the_terms_are_kept_beside_them() -> None:
    """Good where few messages meet a recent order or many an old one: no line follows that."""
    rng, n = np.random.default_rng(1), 24_000
    heard, away = rng.integers(0, 8, n), rng.random(n)
    sent = rng.random(n) < 0.5
    orders = rng.random(n) < 0.15 + sent * np.where((heard < 4) == (away < 0.5), 0.15, -0.1)
    table = rows(n, 0, 0, is_sent=sent, n_orders_after=orders.astype(np.int64), load=heard)
    for name, values in (("heard", heard.astype(float)), ("away", away)):
        table = table.set_column(table.column_names.index(name), name, pa.array(values))
    found = learned(table)
    [kind] = found.kinds
    assert kind.boosted is not None and kind.boosted.is_used and kind.in_use is kind.boosted
    assert isinstance(kind.boosted.over_floor_minor, Interval)
    assert kind.boosted.over_floor_minor.estimate > 0
    assert kind.boosted.trees is not None
    claims = found.claims()
    assert claims is not None and claims.kinds[0].orders == kind.boosted.added_orders
    context = np.column_stack([table[name].to_numpy() for name in feature_names(["DE"])])
    tables = tables_of(found, json.dumps({kind.kind: kind.boosted.trees.model_dump(mode="json")}))
    score = tables.trees[kind.kind].score(context) + kind.boosted.constant
    for place, term in enumerate(kind.boosted.terms):
        z = (context[:, place] - term.centre) / term.spread
        score += term.slope * z + term.bend * np.maximum(z, 0)
    assert score.mean() == pytest.approx(kind.boosted.centre, abs=1e-9), "what is kept scores as what was learned"


def test_noise_is_not_used() -> None:
    used = [learned(rows(3_000, 0.05, 0.05, seed=seed)).kinds[0].is_used for seed in range(20)]
    assert sum(used) <= 3


def test_too_few_rows_are_refused_and_say_why() -> None:
    [kind] = learned(rows(300, 0.2, -0.1, chance=0.975)).kinds
    assert not kind.is_used
    assert isinstance(kind.average, NotEstimable)
    assert kind.average.code == "low_ess"


def test_a_service_message_is_owed_and_goes_by_no_table() -> None:
    table = rows(6_000, 0.2, -0.1)
    table = table.set_column(1, "message_class", pa.array(["service"] * 6_000))
    [kind] = learned(table).kinds
    assert not kind.is_used
    assert isinstance(kind.average, Interval)


def test_kinds_whose_windows_are_open_say_so() -> None:
    [kind] = learned(rows(600, 0.2, -0.1, is_order_known=np.zeros(600, bool))).kinds
    assert isinstance(kind.average, NotEstimable)
    assert (kind.n, kind.average.code) == (0, "window_open")


def test_plans_without_a_margin_per_order_are_left_out() -> None:
    found = learn_shop(rows(600, 0.2, 0.1), {}, assumed, shop_id="nord", data_version=7, learned_at=AT, label="x",
                       within_days=90, seed=1)  # fmt: skip
    assert found.kinds == ()


def test_s2_68_fatigue_is_learned_beside_it() -> None:
    left = np.random.default_rng(3).random(20_000) < 0.02
    found = learned(rows(20_000, 0.1, 0.1, has_left=left)).fatigue
    assert found.label == "learned:v7 over x"
    assert max(cell.n_sent for cell in found.cells) > 3_000
    assert max(cell.rate for cell in found.cells) < 0.006, "who leaves as often without a message is not laid to it"


def test_what_was_learned_is_read_back_as_it_was_kept() -> None:
    found = learned(rows(3_000, 0.2, -0.1))
    assert ShopEffects.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize("n", [0, 50])
def test_an_empty_or_tiny_log_learns_nothing(n: int) -> None:
    found = learned(rows(n, 0.2, -0.1))
    assert not any(kind.is_used for kind in found.kinds)
    assert found.shop_id == "nord"
