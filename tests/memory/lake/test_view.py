from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import memory.lake.view as view_module
from memory.domain.facts import DECISIONS_SCHEMA, LAKE_SCHEMAS, PLAIN_SCHEMAS
from memory.lake.lake import SCHEMAS, Lake
from memory.lake.view import LakeView
from tests.factories.facts import fact

DAY = datetime(2025, 11, 28, 10, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_table_that_was_never_written_is_empty_and_has_its_columns(name: str) -> None:
    with LakeView({}) as view:
        rows = view.table(name).to_pyarrow()
    assert rows.num_rows == 0
    assert set(SCHEMAS[name].names) <= set(rows.column_names)
    assert ("person_id" in rows.column_names) == (
        "subject_id" in rows.column_names or "person_id" in SCHEMAS[name].names
    )


@pytest.fixture(params=["worked out once", "read each time"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Small tables are worked out once per view, large ones are read by each expression: both say the same."""
    if request.param == "read each time":
        monkeypatch.setattr(view_module, "READ_ONCE_BYTES", 0)
    return str(request.param)


@pytest.mark.usefixtures("size")
def test_only_the_latest_revision_counts_and_only_for_its_own_table(lake: Lake) -> None:
    first = fact("orders", 1, DAY, subject_id="p1")
    revised = {**first, "revision": 2, "refunded_minor": 900}
    same_id = {**fact("stock", 1, DAY, sku="a", quantity=3), "fact_id": first["fact_id"]}
    versions = {
        "orders": lake.append("orders", pa.Table.from_pylist([first, revised], LAKE_SCHEMAS["orders"])),
        "stock": lake.append("stock", pa.Table.from_pylist([same_id], LAKE_SCHEMAS["stock"])),
        "superseded": lake.append(
            "superseded",
            pa.table(
                {"fact_kind": ["orders"], "fact_id": [first["fact_id"]], "revision": pa.array([1], pa.int32())},
                schema=PLAIN_SCHEMAS["superseded"],
            ),
        ),
    }
    with lake.open(versions) as view:
        assert view.table("orders").to_pyarrow()["refunded_minor"].to_pylist() == [900]
        assert view.raw("orders").to_pyarrow().num_rows == 2
        assert view.table("stock").to_pyarrow().num_rows == 1


@pytest.mark.usefixtures("size")
def test_facts_are_read_as_they_were_known_at_an_instant(lake: Lake) -> None:
    first, day = fact("orders", 1, DAY, subject_id="p1"), timedelta(days=1)
    revised = {**first, "revision": 2, "refunded_minor": 900, "arrived_at": DAY + 2 * day}
    late = fact("orders", 2, DAY, subject_id="p2", arrived_at=DAY + 3 * day)
    old = {"fact_kind": "orders", "fact_id": first["fact_id"], "revision": 1}
    versions = {
        "orders": lake.append("orders", pa.Table.from_pylist([first, revised, late], LAKE_SCHEMAS["orders"])),
        "superseded": lake.append("superseded", pa.Table.from_pylist([old], PLAIN_SCHEMAS["superseded"])),
    }
    with lake.open(versions) as view:

        def known(days: int) -> dict[str, int]:
            rows = view.as_known(DAY + days * day).table("orders").to_pyarrow().to_pylist()
            return {row["person_id"]: row["refunded_minor"] for row in rows}

        assert [known(days) for days in range(-1, 4)] == [{}, {"p1": 0}, {"p1": 0}, {"p1": 900}, {"p1": 900, "p2": 0}]
        assert view.table("orders").to_pyarrow().num_rows == 2, "the whole reading is as it was"
        assert known(0) == {"p1": 0}


def test_a_small_table_is_read_from_its_files_once_per_view(lake: Lake, size: str) -> None:
    version = lake.append("orders", pa.Table.from_pylist([fact("orders", 1, DAY)], LAKE_SCHEMAS["orders"]))
    with lake.open({"orders": version}) as view:
        orders = view.table("orders")
        for file in lake.files("orders", version):
            Path(file).unlink()
        if size == "worked out once":
            assert orders.count().to_pyarrow().as_py() == 1
        else:
            with pytest.raises(duckdb.IOException):
                orders.count().to_pyarrow()


def test_a_table_of_a_view_for_many_questions_is_read_once_however_large(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_module, "READ_ONCE_BYTES", 0)
    names = ("orders", "events")
    versions = {
        name: lake.append(name, pa.Table.from_pylist([fact(name, 1, DAY)], LAKE_SCHEMAS[name])) for name in names
    }
    with lake.open(versions, read_once=["orders"]) as view:
        tables = {name: view.table(name) for name in names}
        for name in names:
            for file in lake.files(name, versions[name]):
                Path(file).unlink()
        assert tables["orders"].count().to_pyarrow().as_py() == 1
        with pytest.raises(duckdb.IOException):
            tables["events"].count().to_pyarrow()


@pytest.mark.usefixtures("size")
def test_records_of_one_human_share_a_person_and_anonymous_rows_have_none(lake: Lake) -> None:
    rows = [fact("orders", n, DAY, subject_id=subject) for n, subject in enumerate(("phone", "tablet", "other", None))]
    versions = {
        "orders": lake.append("orders", pa.Table.from_pylist(rows, LAKE_SCHEMAS["orders"])),
        "identities": lake.replace("identities", pa.table({"subject_id": ["tablet"], "person_id": ["phone"]})),
    }
    with lake.open(versions) as view:
        people = view.table("orders").order_by("order_ref").to_pyarrow()["person_id"].to_pylist()
    assert people == ["phone", "phone", "other", None]


def test_a_small_arrow_table_joins_facts_and_is_replaced_by_its_name(lake: Lake) -> None:
    rows = [fact("orders", n, DAY, subject_id=f"p{n}") for n in range(3)]
    versions = {"orders": lake.append("orders", pa.Table.from_pylist(rows, LAKE_SCHEMAS["orders"]))}
    with lake.open(versions) as view:
        for wanted in (["p1"], ["p0", "p2"]):
            chosen = view.memory_table("chosen", pa.table({"person_id": wanted}))
            found = view.table("orders").semi_join(chosen, "person_id").to_pyarrow()["person_id"].to_pylist()
            assert sorted(found) == wanted


def test_the_days_of_a_view_do_not_depend_on_the_machine(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    late = datetime(2025, 11, 28, 23, 30, tzinfo=UTC)
    rows = pa.Table.from_pylist([fact("orders", 1, late, subject_id="p1")], LAKE_SCHEMAS["orders"])
    with lake.open({"orders": lake.append("orders", rows)}) as view:
        orders = view.table("orders")
        assert orders.event_at.date().to_pyarrow().to_pylist() == [late.date()]


def test_a_view_writes_nothing_into_the_folder_it_runs_in(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    with lake.open({}) as view:
        assert view.table("orders").to_pyarrow().num_rows == 0
        setting = view.backend.con.raw_sql("SELECT current_setting('temp_directory')").fetchone()[0]
    assert set(tmp_path.iterdir()) == before
    assert "second-order-" in setting


def test_columns_that_no_file_has_yet_are_null(tmp_path: Path) -> None:
    """A table written before a column came is read as one whose rows do not know it."""
    old = DECISIONS_SCHEMA.remove(DECISIONS_SCHEMA.get_field_index("hour_no")).empty_table()
    row = dict.fromkeys(old.schema.names) | {"decision_id": "d"}
    pq.write_table(pa.Table.from_pylist([row], old.schema), tmp_path / "old.parquet")
    with LakeView({"decisions": [str(tmp_path / "old.parquet")]}) as view:
        rows = view.raw("decisions").select("decision_id", "hour_no").to_pyarrow()
    assert rows.to_pylist() == [{"decision_id": "d", "hour_no": None}]
    assert rows.schema.field("hour_no").type == pa.int32()
