"""CSV for people to open: no cell is read as a formula (D6)."""

from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.csv import write_csv

FORMULA = r"^\s*[=+\-@\t\r\n\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]|^[\t\r\n]"
"""How a cell begins that spreadsheets read as a formula; the full-width signs are read as such too."""


def neutral(table: pa.Table) -> pa.Table:
    """Give the table with an apostrophe before every text, and every column's name, that begins like a formula.

    Numbers and dates stay what they are: a negative number is no formula.
    """
    columns = [_neutral(column) if _is_text(column.type) else column for column in table.columns]
    names = _neutral(pa.chunked_array([pa.array(table.column_names, pa.string())])).to_pylist()
    return pa.table(dict(zip(names, columns, strict=True))) if names else table


def write_neutral_csv(table: pa.Table, where: Path | IO[bytes]) -> None:
    """Write the table as CSV with a header; the only place of the product that writes CSV."""
    write_csv(neutral(table), where)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _neutral(column: pa.ChunkedArray) -> pa.ChunkedArray:
    marked = pc.binary_join_element_wise(pa.scalar("'", column.type), column, pa.scalar("", column.type))
    return pc.if_else(pc.match_substring_regex(column, FORMULA), marked, column)
