from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from memory.domain.clock import ManualClock
from memory.domain.errors import InvalidInput
from memory.domain.facts import LAKE_SCHEMAS
from memory.domain.market import Shop
from memory.domain.money import MissingRate
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.facts import fact
from tools.facts import commit_facts, in_shop_currency, open_facts, vacuum_facts

DAY = datetime(2025, 11, 28, 10, tzinfo=UTC)
SHOPS = ["alpha"]


def facts(table: str, *rows: dict[str, Any]) -> pa.Table:
    """Rows as an import gives them: without revision and content hash."""
    complete = [{**row, "shop_id": "alpha"} for row in rows]
    schema = LAKE_SCHEMAS[table]
    return pa.Table.from_pylist(complete, schema).drop_columns(["revision", "content_hash"])


def order(number: int, **values: Any) -> dict[str, Any]:
    return fact("orders", number, DAY, **{"subject_id": f"p{number}", **values})


def read(store: Store, lake: Lake, table: str = "orders", version: int | None = None) -> list[dict[str, Any]]:
    with open_facts(store, lake, SHOPS, version) as view:
        rows: list[dict[str, Any]] = view.table(table).to_pyarrow().to_pylist()
    return sorted(rows, key=lambda row: str(row["fact_id"]))


def test_same_content_again_does_nothing(store: Store, lake: Lake, clock: ManualClock) -> None:
    first = commit_facts(store, lake, {"orders": facts("orders", order(1), order(2))}, "import", clock.now())
    clock.advance(timedelta(days=1))
    again = facts("orders", order(1), order(2)).drop_columns(["arrived_at"])
    second = commit_facts(store, lake, {"orders": again}, "import", clock.now())
    assert (first.data_version, first.counts["orders"].n_new) == (1, 2)
    assert (second.data_version, second.counts["orders"].n_unchanged, second.n_fresh) == (1, 2, 0)
    assert {row["revision"] for row in read(store, lake)} == {1}


def test_changed_content_is_a_new_revision_and_the_old_version_stays_readable(
    store: Store, lake: Lake, clock: ManualClock
) -> None:
    commit_facts(store, lake, {"orders": facts("orders", order(1), order(2))}, "import", clock.now())
    for refunded in (100, 200):
        changed = facts("orders", order(1, refunded_minor=refunded))
        done = commit_facts(store, lake, {"orders": changed}, "refunds", clock.now())
        assert done.counts["orders"].n_changed == 1
    assert sorted((row["refunded_minor"], row["revision"]) for row in read(store, lake)) == [(0, 1), (200, 3)]
    assert sorted((row["refunded_minor"], row["revision"]) for row in read(store, lake, version=2)) == [
        (0, 1),
        (100, 2),
    ]
    assert sorted((row["refunded_minor"], row["revision"]) for row in read(store, lake, version=1)) == [(0, 1), (0, 1)]


def test_going_back_to_old_content_is_a_change_too(store: Store, lake: Lake, clock: ManualClock) -> None:
    for refunded in (0, 100, 0):
        facts_now = {"orders": facts("orders", order(1, refunded_minor=refunded))}
        done = commit_facts(store, lake, facts_now, "import", clock.now())
    assert done.counts["orders"].n_changed == 1
    assert [(row["refunded_minor"], row["revision"]) for row in read(store, lake)] == [(0, 3)]


def test_a_dry_run_counts_and_writes_nothing(store: Store, lake: Lake, clock: ManualClock) -> None:
    commit_facts(store, lake, {"orders": facts("orders", order(1), order(2))}, "import", clock.now())
    rows = facts("orders", order(1), order(2, refunded_minor=5), order(3))
    done = commit_facts(store, lake, {"orders": rows}, "import", clock.now(), dry_run=True)
    counts = done.counts["orders"]
    assert (counts.n_new, counts.n_changed, counts.n_unchanged, done.data_version) == (1, 1, 1, 1)
    assert len(read(store, lake)) == 2
    with store.read() as uow:
        assert uow.versions.latest().number == 1
    assert lake.files("orders", 0)
    assert len(list((lake.root / "orders").glob("*.parquet"))) == 1


def test_a_fact_that_stands_in_a_file_twice_counts_once_and_the_last_row_wins(
    store: Store, lake: Lake, clock: ManualClock
) -> None:
    rows = facts("orders", order(1), order(1, refunded_minor=7))
    done = commit_facts(store, lake, {"orders": rows}, "import", clock.now())
    assert (done.counts["orders"].n_new, done.counts["orders"].n_repeated) == (1, 1)
    assert [row["refunded_minor"] for row in read(store, lake)] == [7]


def test_rows_come_from_a_file_or_a_stream_as_well(
    store: Store, lake: Lake, clock: ManualClock, tmp_path: Path
) -> None:
    rows = facts("orders", order(1), order(2))
    pq.write_table(rows, tmp_path / "it's.parquet")
    commit_facts(store, lake, {"orders": rows.to_reader()}, "stream", clock.now())
    done = commit_facts(store, lake, {"orders": tmp_path / "it's.parquet"}, "file", clock.now())
    assert done.counts["orders"].n_unchanged == 2


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (facts("orders", order(1)).drop_columns(["currency"]), "currency"),
        (facts("orders", order(1)).append_column("email", [["a@b.example"]]), "not declared"),
        (pa.table({**facts("orders", order(1)).to_pydict(), "currency": pa.array([None], pa.string())}), "no currency"),
    ],
    ids=["missing", "undeclared", "null"],
)
def test_rows_that_do_not_fit_the_schema_are_refused_and_leave_nothing(
    store: Store, lake: Lake, clock: ManualClock, rows: pa.Table, why: str
) -> None:
    with pytest.raises(InvalidInput, match=why):
        commit_facts(store, lake, {"orders": rows}, "import", clock.now())
    assert not lake.root.exists()


def test_a_crash_between_lake_and_store_leaves_nothing_visible(store: Store, lake: Lake, clock: ManualClock) -> None:
    class Crash(Exception):
        pass

    commit_facts(store, lake, {"orders": facts("orders", order(1))}, "import", clock.now())
    with pytest.raises(Crash), store.unit_of_work() as uow:
        rows = {"orders": facts("orders", order(1, refunded_minor=9), order(2))}
        commit_facts(uow, lake, rows, "import", clock.now())
        raise Crash
    assert [row["refunded_minor"] for row in read(store, lake)] == [0]
    done = commit_facts(store, lake, {"orders": facts("orders", order(3))}, "import", clock.now())
    assert sorted(row["order_ref"] for row in read(store, lake)) == ["#1", "#3"]
    assert done.data_version == 2


def test_vacuum_removes_what_no_version_names_and_nothing_else(store: Store, lake: Lake, clock: ManualClock) -> None:
    commit_facts(store, lake, {"orders": facts("orders", order(1))}, "import", clock.now())
    commit_facts(store, lake, {"orders": facts("orders", order(1, refunded_minor=4))}, "import", clock.now())
    orphan = pa.Table.from_pylist([order(8)], LAKE_SCHEMAS["orders"])
    lake.append("orders", orphan)
    lake.append("events", LAKE_SCHEMAS["events"].empty_table())
    decisions = lake.append("cohort_members", pa.Table.from_pylist([], lake_schema("cohort_members")))
    assert vacuum_facts(store, lake) >= 1
    assert not (lake.root / "events").exists()
    assert decisions == 0
    assert (lake.root / "cohort_members").exists()
    assert [row["refunded_minor"] for row in read(store, lake, version=1)] == [0]
    assert [row["refunded_minor"] for row in read(store, lake, version=2)] == [4]
    assert vacuum_facts(store, lake) == 0


def lake_schema(table: str) -> pa.Schema:
    from memory.domain.facts import PLAIN_SCHEMAS

    return PLAIN_SCHEMAS[table]


def test_identities_merge_people_and_a_later_version_takes_it_back(
    store: Store, lake: Lake, clock: ManualClock
) -> None:
    merged = pa.table({"subject_id": ["p2"], "person_id": ["p1"]})
    done = commit_facts(
        store, lake, {"orders": facts("orders", order(1), order(2)), "identities": merged}, "import", clock.now()
    )
    assert done.counts["identities"].n_new == 1
    same = commit_facts(store, lake, {"identities": merged}, "again", clock.now())
    assert (same.data_version, same.counts["identities"].n_unchanged) == (1, 1)
    back = commit_facts(store, lake, {"identities": merged.slice(0, 0)}, "reversal", clock.now())
    assert (back.data_version, back.counts["identities"].n_changed) == (2, 1)
    assert {row["person_id"] for row in read(store, lake, version=1)} == {"p1"}
    assert {row["person_id"] for row in read(store, lake)} == {"p1", "p2"}


def test_a_subject_with_two_people_is_refused(store: Store, lake: Lake, clock: ManualClock) -> None:
    twice = pa.table({"subject_id": ["p2", "p2"], "person_id": ["p1", "p3"]})
    with pytest.raises(InvalidInput, match="twice"):
        commit_facts(store, lake, {"identities": twice}, "import", clock.now())


def rate(number: int, base: str, quote: str, on: str, text: str) -> dict[str, Any]:
    day = datetime.fromisoformat(on).date()
    return fact("rates", number, DAY, base=base, quote=quote, rate_on=day, rate_text=text)


def net(store: Store, lake: Lake, shop: Shop) -> dict[str, int]:
    with open_facts(store, lake, SHOPS) as view:
        rows = in_shop_currency(view.table("orders"), view, shop).to_pyarrow().to_pylist()
    return {row["order_ref"]: row["net_minor"] for row in rows}


def test_b6_orders_are_summed_in_the_shops_currency_at_dated_rates(
    store: Store, lake: Lake, clock: ManualClock, shop: Shop
) -> None:
    orders = facts(
        "orders",
        order(1, subtotal_minor=5000, refunded_minor=1000),
        order(2, currency="USD", subtotal_minor=1001),
        order(3, currency="USD", subtotal_minor=1003),
        order(4, currency="JPY", subtotal_minor=1000),
        {**order(5, currency="USD", subtotal_minor=1000), "event_at": DAY + timedelta(days=10)},
    )
    rates = facts(
        "rates",
        rate(1, "USD", "EUR", "2025-11-01", "0.5"),
        rate(2, "EUR", "JPY", "2025-11-01", "160"),
        rate(3, "USD", "EUR", "2025-12-01", "0.9"),
        rate(4, "USD", "EUR", "2026-12-01", "99"),
    )
    commit_facts(store, lake, {"orders": orders, "rates": rates}, "import", clock.now())
    assert net(store, lake, shop) == {"#1": 4000, "#2": 500, "#3": 502, "#4": 625, "#5": 900}


def test_b6_a_currency_without_a_rate_is_an_error_that_names_it(
    store: Store, lake: Lake, clock: ManualClock, shop: Shop
) -> None:
    orders = facts("orders", order(1), order(2, currency="CHF"))
    rates = facts("rates", rate(1, "CHF", "EUR", "2025-12-01", "1.05"))
    commit_facts(store, lake, {"orders": orders, "rates": rates}, "import", clock.now())
    with pytest.raises(MissingRate, match="CHF to EUR on or before 2025-11-28"):
        net(store, lake, shop)
