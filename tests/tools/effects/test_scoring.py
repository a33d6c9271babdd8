from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest

from memory.domain.cohort import COHORTS
from memory.domain.learned import KindEffects, ShopEffects, Term
from memory.domain.outcome import NotEstimable
from tools.effects.fatigue import assumed_fatigue
from tools.effects.features import feature, feature_names
from tools.effects.kept import Tables
from tools.effects.scoring import Scored, goes_by, scored

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
WHY = NotEstimable(code="low_ess", message="x")


def candidates() -> ibis.Table:
    return ibis.memtable(
        pa.table(
            {
                "cohort": ["vip", "first_time", "vip"], "market": ["DE", None, "US"],
                "message_kind": ["cross_sell", "cross_sell", "care_guide"],
                "n_promotional": pa.array([1, None, 3], pa.int64()), "n_value": pa.array([2, None, 0], pa.int64()),
                "n_sent_window": pa.array([1, None, 0], pa.int64()), "cap_rate": pa.array([0.5, None, 1.0]),
                "send_at": pa.array([AT] * 3, pa.timestamp("us", "UTC")),
                "last_order_at": pa.array([AT - timedelta(days=1), None, AT], pa.timestamp("us", "UTC")),
                "n_orders": pa.array([3, None, 0], pa.int64()),
            }
        )
    )  # fmt: skip


def table_of(kind: str = "cross_sell", *, is_used: bool = True) -> ShopEffects:
    one = KindEffects(
        kind="cross_sell", n=900, effective_rows=400, average=WHY, net_minor=WHY, over_today_minor=WHY,
        is_used=is_used, constant=0.1, centre=0.05, level=0.02, slope=0.5, level_variance=0.0001, slope_variance=0.01,
        terms=(Term(feature="heard", centre=1.0, spread=2.0, slope=-0.2, bend=0.1),
               Term(feature="cohort:vip", centre=0.5, spread=0.5, slope=0.03)),
    ).model_copy(update={"kind": kind})  # fmt: skip
    return ShopEffects(shop_id="nord", data_version=1, learned_at=AT, label="learned:v1", within_days=90,
                       kinds=(one,), fatigue=assumed_fatigue())  # fmt: skip


def read(learned: ShopEffects) -> list[tuple[Any, ...]]:
    rows = candidates()
    otherwise = Scored(ibis.literal(0.9), ibis.literal(0.1), ibis.literal("assumption:x"))
    mean, sd, source = scored(rows, Tables(learned), otherwise)
    return [tuple(row.values()) for row in rows.select(mean=mean, sd=sd, source=source).to_pyarrow().to_pylist()]


def test_a_used_table_gives_mean_error_and_source_of_its_kind_alone() -> None:
    first, second, third = read(table_of())
    score = 0.1 - 0.2 * 1.0 + 0.1 * 1.0 + 0.03
    away = score - 0.05
    assert first == (pytest.approx(0.02 + 0.5 * away), pytest.approx(np.sqrt(0.0001 + 0.01 * away**2)), "learned:v1")
    assert second[0] == pytest.approx(0.02 + 0.5 * (0.1 + 0.2 * 0.5 - 0.03 - 0.05)), "nothing heard: no bend"
    assert third == (0.9, 0.1, "assumption:x")


def test_a_table_that_is_not_used_changes_nothing() -> None:
    learned = table_of(is_used=False)
    assert not goes_by(Tables(learned))
    assert {row[2] for row in read(learned)} == {"assumption:x"}


def test_every_feature_is_a_number_also_of_people_nobody_knows() -> None:
    rows, names = candidates(), feature_names(["US", "DE"])
    found = rows.select(**{name: feature(rows, name) for name in names}).to_pyarrow()
    assert found.column_names == [*(f"cohort:{one}" for one in COHORTS), "market:DE", "market:US", "orders", "away",
                                  "heard", "recent", "risky"]  # fmt: skip
    assert not any(found[name].null_count for name in names)
    assert found["risky"].to_pylist() == [1.0, 0.0, 0.0]
    assert found["away"].to_pylist() == pytest.approx([np.log(2), np.log(3651), 0.0])


def test_an_unknown_feature_is_an_error() -> None:
    with pytest.raises(KeyError):
        feature(candidates(), "shoe_size")
