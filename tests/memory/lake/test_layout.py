"""Where rows lie decides what a look costs and never what it finds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from memory.domain.facts import LAKE_SCHEMAS, PLAIN_SCHEMAS
from memory.lake import layout
from memory.lake.forgetting import forget_people
from memory.lake.lake import SCHEMAS, Lake
from memory.lake.staging import Staging
from tests.factories.facts import fact

DAY = datetime(2025, 11, 28, 10, tzinfo=UTC)
GROUP = 16
"""Rows of a row group here, and from so many on a write is a large one."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "MANY", GROUP)
    monkeypatch.setattr(layout, "ROWS_PER_GROUP", GROUP)


def orders(n: int, first: int = 0, *, revision: int = 1) -> pa.Table:
    """Orders of persons 00, 07, 14...: one who orders next is never one who lies next."""
    rows = [
        fact("orders", number, DAY, subject_id=f"p{number * 7 % 100:02}") | {"revision": revision}
        for number in range(first, first + n)
    ]
    return pa.Table.from_pylist(rows, LAKE_SCHEMAS["orders"])


def ranges(file: str, column: str) -> list[tuple[str, str]]:
    """The smallest and largest value of a column per row group, in the order of the values."""
    groups = pq.ParquetFile(file).metadata
    place = groups.schema.names.index(column)
    found = [groups.row_group(number).column(place).statistics for number in range(groups.num_row_groups)]
    return sorted((each.min, each.max) for each in found)


def apart(found: list[tuple[str, str]]) -> bool:
    """Whether no value lies in two row groups, but for one that ends a group and begins the next."""
    return all(before[1] <= after[0] for before, after in pairwise(found))


def groups_that_may_hold(file: str, column: str, value: str) -> int:
    """How many row groups the Bloom filters of a column leave."""
    query = "SELECT count(*) FILTER (NOT bloom_filter_excludes) FROM parquet_bloom_probe(?, ?, ?)"
    found = duckdb.execute(query, [file, column, value]).fetchone()
    assert found is not None
    return int(found[0])


def written(lake: Lake, table: str, rows: Any) -> str:
    [file] = lake.files(table, lake.append(table, rows))
    return file


def test_a_large_table_lies_in_the_order_of_its_people_and_a_person_in_few_row_groups(lake: Lake) -> None:
    file = written(lake, "orders", orders(6 * GROUP))
    found = ranges(file, "subject_id")
    assert len(found) == 6
    assert apart(found)
    assert sum(low <= "p50" <= high for low, high in found) == 1


def test_a_person_or_a_fact_that_is_not_there_is_left_out_by_the_filters_alone(lake: Lake) -> None:
    rows = orders(100)
    file = written(lake, "orders", rows)
    known = rows["fact_id"][42].as_py()
    assert groups_that_may_hold(file, "fact_id", known) == 1
    assert groups_that_may_hold(file, "fact_id", "0" * 32) == 0
    assert groups_that_may_hold(file, "subject_id", "p50") == 1
    assert groups_that_may_hold(file, "subject_id", "p5x") == 0


@pytest.mark.parametrize(("table", "column"), sorted(layout.OF_PEOPLE.items()))
def test_tables_beside_the_facts_lie_in_order_too(lake: Lake, table: str, column: str) -> None:
    n = 4 * GROUP
    ids = [f"p{number * 7 % n:02}" for number in range(n)]
    rows = pa.table({name: ids if SCHEMAS[table].field(name).type == pa.string() else pa.nulls(n) for name in
                     SCHEMAS[table].names}).cast(SCHEMAS[table])  # fmt: skip
    found = ranges(written(lake, table, rows), column)
    assert len(found) > 1
    assert apart(found)


def test_a_small_write_carries_no_filters(lake: Lake) -> None:
    file = written(lake, "orders", orders(GROUP - 1))
    query = "SELECT count(bloom_filter_offset) FROM parquet_metadata(?)"
    assert duckdb.execute(query, [file]).fetchone() == (0,)


@pytest.mark.parametrize("n", [0, 1, GROUP - 1, GROUP, GROUP + 1, 6 * GROUP])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_stream_loses_nothing_and_is_written_group_by_group(lake: Lake, n: int, size: int) -> None:
    rows = orders(n)

    def stream() -> Iterator[pa.RecordBatch]:
        yield from rows.sort_by("subject_id").to_batches(max_chunksize=size)

    version = lake.append("orders", stream())
    with lake.open({"orders": version}) as view:
        found = view.raw("orders").to_pyarrow()
    assert sorted(found["fact_id"].to_pylist()) == sorted(rows["fact_id"].to_pylist())
    if n == 6 * GROUP:
        [file] = lake.files("orders", version)
        assert apart(ranges(file, "subject_id"))


def test_an_import_comes_out_in_the_order_of_its_people() -> None:
    with Staging(DAY) as staging:
        staging.add("orders", orders(100).drop_columns(["revision", "content_hash"]))
        staging.compare("orders", (), ())
        found = pa.Table.from_batches(list(staging.fresh("orders")))["subject_id"].to_pylist()
    assert found == sorted(found)
    assert len(found) == 100


def test_known_facts_are_found_in_files_of_any_layout(lake: Lake, tmp_path: Path) -> None:
    rows = orders(100)
    old = tmp_path / "old.parquet"
    pq.write_table(rows.slice(0, 50), old, row_group_size=9)  # as files were before
    files = [str(old), written(lake, "orders", rows.slice(50))]
    with Staging(DAY) as staging:
        staging.add("orders", orders(110).drop_columns(["revision", "content_hash"]))
        counts = staging.compare("orders", files, ())
    assert (counts.n_new, counts.n_new + counts.n_changed + counts.n_unchanged) == (10, 110)


def test_a_few_subjects_are_read_from_old_and_new_files_alike(lake: Lake) -> None:
    rows = orders(200)
    write_deltalake(str(lake.root / "orders"), rows.slice(0, 100))  # as files were before
    versions = {"orders": lake.append("orders", rows.slice(100))}
    wanted = ["p07", "p50", "p99", "nobody"]
    with lake.open(versions) as view:
        table = view.table("orders")
        everything = table.filter(table.subject_id.isin(wanted)).to_pyarrow()
    with lake.open(versions, subjects=wanted) as view:
        found = view.table("orders").to_pyarrow()
    assert found.num_rows == 6
    assert found.sort_by("fact_id") == everything.sort_by("fact_id")


def test_a_few_subjects_have_the_person_they_were_moved_to(lake: Lake) -> None:
    moves = [("p07", "p00", 1), ("p14", "p00", 1), ("p14", "p14", 2), ("p21", "p50", 3), ("p28", "p35", 4)]
    columns = [list(column) for column in zip(*moves, strict=True)]
    versions = {
        "orders": lake.append("orders", orders(100)),
        "identities": lake.append("identities", pa.table({"subject_id": ["p21", "p42"], "person_id": ["p00", "p00"]})),
        "identity_moves": lake.append(
            "identity_moves", pa.table(columns, schema=PLAIN_SCHEMAS["identity_moves"])
        ),
    }  # fmt: skip
    wanted = ["p07", "p14", "p21", "p28", "p42", "p49"]
    with lake.open(versions, subjects=wanted) as view:
        found = view.table("orders").to_pyarrow()
        assert set(view.raw("identity_moves").to_pyarrow()["subject_id"].to_pylist()) == {"p07", "p14", "p21", "p28"}
    people = dict(zip(found["subject_id"].to_pylist(), found["person_id"].to_pylist(), strict=True))
    assert people == {"p07": "p00", "p14": "p14", "p21": "p50", "p28": "p35", "p42": "p00", "p49": "p49"}


def test_more_subjects_than_are_sought_in_filters_are_found_too(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memory.lake.instances.MOST_SOUGHT", 3)
    version = lake.append("orders", orders(100))
    with lake.open({"orders": version}, subjects=[f"p{number:02}" for number in range(40)]) as view:
        assert view.table("orders").to_pyarrow().num_rows == 40


def test_a_file_without_forgotten_people_keeps_order_and_filters(lake: Lake) -> None:
    version = lake.append("orders", orders(6 * GROUP))
    assert forget_people(lake, ["p50", "p51"]) == {"orders": 2}
    [file] = lake.files("orders", version)
    assert apart(ranges(file, "subject_id"))
    assert groups_that_may_hold(file, "subject_id", "p49") == 1
    assert groups_that_may_hold(file, "subject_id", "p50") == 0
