"""D6: no cell of an export is read as a formula, and no other place writes CSV."""

import csv
import io
import re
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.neutral_csv import neutral, write_neutral_csv

ROOT = Path(__file__).parents[2]
DANGEROUS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1", " =1+1", "＝1+1"]
HARMLESS = ["p00001", "Zoë", "张三", "مرحبا", "a=b", "1-2", "", "O'Neil", "2026-12-01"]


def written(table: pa.Table) -> list[list[str]]:
    """What a spreadsheet reads."""
    file = io.BytesIO()
    write_neutral_csv(table, file)
    return list(csv.reader(io.StringIO(file.getvalue().decode(), newline="")))


@pytest.mark.parametrize("cell", DANGEROUS)
def test_d6_a_cell_that_begins_like_a_formula_is_text(cell: str) -> None:
    assert written(pa.table({"name": [cell]}))[1] == ["'" + cell]
    assert written(pa.table({cell: ["x"]}))[0] == ["'" + cell]


def test_d6_other_cells_and_numbers_stay_what_they_are() -> None:
    table = pa.table({"name": pa.array([*HARMLESS, None]), "n": [-1.5, *range(len(HARMLESS))]})
    assert neutral(table).to_pylist() == table.to_pylist()
    assert neutral(pa.table({"n": [-1]})).to_pylist() == [{"n": -1}]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=20))
def test_d6_whatever_a_text_begins_with_no_cell_begins_like_a_formula(cells: list[str]) -> None:
    plain = [cell.encode("utf-8", "ignore").decode() for cell in cells]
    found = neutral(pa.table({"name": pa.array(plain, pa.string())})).column("name").to_pylist()
    assert not [cell for cell in found if re.match(r"[=+\-@\t\r]", cell)]
    assert [cell.removeprefix("'") if cell != old else cell for cell, old in zip(found, plain, strict=True)] == plain


def test_d6_planted_a_plain_writer_lets_the_formula_through() -> None:
    from pyarrow.csv import write_csv

    file = io.BytesIO()
    write_csv(pa.table({"name": ["=1+1"]}), file)
    assert next(csv.reader(io.StringIO(file.getvalue().decode().split("\n", 1)[1])))[0].startswith("=")


def test_d6_nothing_else_in_the_product_writes_csv() -> None:
    pattern = re.compile(r"write_csv\(|csv\.writer|DictWriter|to_csv\(")
    files = [path for part in ("agent", "api", "tools", "memory") for path in (ROOT / part).rglob("*.py")]
    writers = {str(path.relative_to(ROOT)) for path in files if pattern.search(path.read_text(encoding="utf-8"))}
    assert writers == {"tools/neutral_csv.py"}
