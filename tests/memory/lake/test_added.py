from datetime import UTC, datetime

import pyarrow as pa
import pytest

from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.added import AddedView, added_rows
from memory.lake.lake import Lake
from tests.factories.facts import fact

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def told(lake: Lake, table: str, *numbers: int) -> int:
    values = {"sku": "a", "quantity": 1} if table == "stock" else {"subject_id": "ann"}
    rows = [fact(table, number, DAY, **values) for number in numbers]
    return lake.append(table, pa.Table.from_pylist(rows, LAKE_SCHEMAS[table]))


def refs(view: AddedView) -> list[str]:
    return sorted(view.table("orders").to_pyarrow()["order_ref"].to_pylist())


def test_only_what_was_added_is_there_and_catalogues_are_whole(lake: Lake) -> None:
    before = {"orders": told(lake, "orders", 1), "stock": told(lake, "stock", 1)}
    after = {"orders": told(lake, "orders", 2, 3), "stock": told(lake, "stock", 2)}
    with AddedView(lake, before, after) as view:
        assert refs(view) == ["#2", "#3"]
        assert view.table("stock").count().to_pyarrow().as_py() == 2
        assert view.table("events").count().to_pyarrow().as_py() == 0
    with AddedView(lake, {}, after) as view:
        assert refs(view) == ["#1", "#2", "#3"]
    with AddedView(lake, after, after) as view:
        assert refs(view) == []


def test_files_that_were_put_together_do_not_bring_old_rows_back(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memory.lake.lake.MOST_SMALL", 3)
    before = {"orders": told(lake, "orders", 1)}
    told(lake, "orders", 2)
    after = {"orders": told(lake, "orders", 3)}
    assert len(lake.files("orders", after["orders"])) == 1
    with AddedView(lake, before, after) as view:
        assert refs(view) == ["#2", "#3"]
    with lake.open(after) as view:
        assert sorted(added_rows(lake, before, after, "orders", view).to_pyarrow()["order_ref"].to_pylist()) == [
            "#2",
            "#3",
        ]
