from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from memory.domain.errors import InvalidInput
from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.forgetting import forget_people
from memory.lake.lake import SCHEMAS, Lake
from tests.factories.facts import fact

DAY = datetime(2025, 11, 28, 10, tzinfo=UTC)

VALUES: dict[str, Any] = {
    "string": "a", "int32": 7, "int64": 8, "double": 0.5, "bool": True, "date32[day]": DAY.date(),
    "timestamp[us, tz=UTC]": DAY, "list<item: string>": ["x", "y"], "list<element: string>": ["x"],
    "list<item: int32>": [1, 2], "list<element: int32>": [1],
}  # fmt: skip


def stock(*quantities: int) -> pa.Table:
    rows = [fact("stock", n, DAY, sku=f"sku{n}", quantity=quantity) for n, quantity in enumerate(quantities)]
    return pa.Table.from_pylist(rows, LAKE_SCHEMAS["stock"])


def quantities(lake: Lake, version: int) -> list[int]:
    with lake.open({"stock": version}) as view:
        found: list[int] = view.raw("stock").to_pyarrow()["quantity"].to_pylist()
    return sorted(found)


def test_every_append_is_a_version_and_old_ones_stay_readable(lake: Lake) -> None:
    versions = [lake.append("stock", stock(n)) for n in (1, 2, 3)]
    assert versions == [0, 1, 2]
    assert [quantities(lake, version) for version in versions] == [[1], [1, 2], [1, 2, 3]]


def test_an_append_never_rewrites_a_file(lake: Lake) -> None:
    first = lake.files("stock", lake.append("stock", stock(1)))
    before = [Path(name).read_bytes() for name in first]
    later = lake.files("stock", lake.append("stock", stock(2)))
    assert set(first) < set(later)
    assert [Path(name).read_bytes() for name in first] == before


def test_replacing_keeps_the_old_snapshot_readable(lake: Lake) -> None:
    old, new = lake.append("stock", stock(1, 2)), lake.replace("stock", stock(7))
    assert quantities(lake, old) == [1, 2]
    assert quantities(lake, new) == [7]


def test_rows_of_a_version_nobody_named_are_left_out_of_the_next(lake: Lake) -> None:
    named = lake.append("stock", stock(1))
    lake.append("stock", stock(666))
    assert quantities(lake, lake.append("stock", stock(2), after=named)) == [1, 2]


def test_orphans_of_a_table_nobody_named_are_left_out(lake: Lake) -> None:
    lake.append("stock", stock(666))
    assert quantities(lake, lake.append("stock", stock(1), after=None)) == [1]


def test_old_versions_outlive_delta_s_own_house_keeping(lake: Lake) -> None:
    lake.append("stock", stock(1))
    settings = DeltaTable(str(lake.root / "stock")).metadata().configuration
    assert settings["delta.enableExpiredLogCleanup"] == "false"


@pytest.mark.slow
@pytest.mark.long
def test_the_first_of_many_versions_stays_readable(lake: Lake) -> None:
    for n in range(120):  # Delta writes a checkpoint every 100 versions
        version = lake.append("stock", stock(n))
    assert quantities(lake, 0) == [0]
    assert quantities(lake, version) == list(range(120))


def test_rows_stream_in_batches_of_the_schema(lake: Lake) -> None:
    version = lake.append("stock", (batch for batch in stock(1, 2, 3).to_batches(max_chunksize=1)))
    assert quantities(lake, version) == [1, 2, 3]


@pytest.mark.parametrize(
    "bad",
    [
        stock(1).drop_columns(["sku"]),
        stock(1).append_column("email", [["ann@example.com"]]),
        stock(1).set_column(7, "sku", pa.array([None], pa.string())),
    ],
    ids=["missing column", "undeclared column", "null in a required column"],
)
def test_rows_that_do_not_fit_the_schema_are_refused(lake: Lake, bad: pa.Table) -> None:
    with pytest.raises((ValueError, DeltaError)):
        lake.append("stock", bad)


def test_vacuum_keeps_named_versions_and_frees_the_rest(lake: Lake) -> None:
    for n in (1, 2):
        lake.append("stock", stock(n))
    replaced = lake.replace("stock", stock(9))
    orphan = lake.append("stock", stock(666))
    assert lake.vacuum({"stock": {0, replaced}}) == 2
    assert quantities(lake, 0) == [1]
    assert quantities(lake, replaced) == [9]
    assert not all(Path(name).exists() for name in lake.files("stock", orphan))
    assert quantities(lake, lake.append("stock", stock(3), after=replaced)) == [3, 9]


def test_vacuum_of_one_table_leaves_others_alone(lake: Lake) -> None:
    version = lake.append("stock", stock(1))
    assert lake.vacuum({"orders": set()}) == 0
    assert quantities(lake, version) == [1]


def test_folders_with_blanks_and_letters_of_any_language_work(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "mein Läden 店铺")
    assert quantities(lake, lake.append("stock", stock(4))) == [4]


@pytest.mark.parametrize("name", ["a[1]", "100%", "what?", "a*", "a#b"])
def test_a_folder_that_the_writer_would_misread_is_refused_with_the_remedy(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="Choose a path"):
        Lake(tmp_path / name)


def test_a_shop_s_view_holds_nothing_of_other_shops(lake: Lake) -> None:
    rows: list[dict[str, Any]] = [
        fact("orders", n, DAY, shop_id=shop_id, subject_id="p1") for n, shop_id in enumerate(("north", "south", "east"))
    ]
    version = lake.append("orders", pa.Table.from_pylist(rows, LAKE_SCHEMAS["orders"]))
    expected = {
        ("north",): {"north"},
        ("north", "east"): {"north", "east"},
        (): set(),
        None: {"north", "south", "east"},
    }
    for shop_ids, shops in expected.items():
        with lake.open({"orders": version}, shop_ids) as view:
            assert set(view.table("orders").to_pyarrow()["shop_id"].to_pylist()) == shops
            assert set(view.raw("orders").to_pyarrow()["shop_id"].to_pylist()) == shops


def test_many_small_files_are_put_together_and_every_version_stays_as_it_was(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memory.lake.lake.MOST_SMALL", 4)
    versions: list[int] = []
    for n in range(10):
        versions.append(lake.append("stock", stock(n), after=versions[-1] if versions else None))
    assert [quantities(lake, version) for version in versions] == [list(range(n + 1)) for n in range(10)]
    assert [len(lake.files("stock", version)) for version in versions] == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1]


@pytest.mark.parametrize("table", sorted(SCHEMAS))
def test_every_table_can_be_put_together(lake: Lake, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memory.lake.lake.MOST_SMALL", 2)
    values = {field.name: VALUES[str(field.type)] for field in SCHEMAS[table]}
    rows = pa.Table.from_pylist([values], SCHEMAS[table])
    versions = [lake.append(table, rows) for _ in range(2)]
    assert len(lake.files(table, versions[-1])) == 1
    with lake.open({table: versions[-1]}) as view:
        assert view.raw(table).to_pyarrow().to_pylist() == 2 * rows.to_pylist()


def test_rows_left_behind_by_a_dead_writer_do_not_come_back_with_files_put_together(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memory.lake.lake.MOST_SMALL", 3)
    named = lake.append("stock", stock(2), after=lake.append("stock", stock(1)))
    lake.append("stock", stock(666), after=named)  # puts three files together; then its writer dies
    version = lake.append("stock", stock(3), after=named)
    assert quantities(lake, version) == [1, 2, 3]
    assert quantities(lake, named) == [1, 2]
    lake.vacuum({"stock": {named, version}})
    assert quantities(lake, version) == [1, 2, 3]
    assert quantities(lake, named) == [1, 2]


def test_forgotten_people_are_gone_from_files_put_together_and_from_what_they_were_made_of(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memory.lake.lake.MOST_SMALL", 3)
    rows = [fact("orders", n, DAY, subject_id=f"p{n}") for n in range(4)]
    versions = [lake.append("orders", pa.Table.from_pylist([row], LAKE_SCHEMAS["orders"])) for row in rows]
    assert forget_people(lake, ["p1"]) == {"orders": 2}  # in its own file and in the one put together
    for version, expected in zip(versions, (["p0"], ["p0"], ["p0", "p2"], ["p0", "p2", "p3"]), strict=True):
        with lake.open({"orders": version}) as view:
            assert sorted(view.raw("orders").to_pyarrow()["subject_id"].to_pylist()) == expected
    assert not any(b"p1" in Path(name).read_bytes() for name in lake.root.rglob("*.parquet"))


def test_the_log_of_a_table_is_read_only_where_its_files_are_asked_for(lake: Lake) -> None:
    versions = {"stock": lake.append("stock", stock(1)), "orders": 99}
    files = lake.files_of(versions)
    assert (set(files), len(files)) == ({"stock", "orders"}, 2)
    assert files["stock"] is files["stock"]
    assert quantities(lake, versions["stock"]) == [1]
    assert files.get("products") is None
    with pytest.raises(DeltaError):
        files["orders"]
