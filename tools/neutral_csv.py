"""CSV for people to open: no cell is read as a formula (D6)."""

from collections.abc import Collection
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.csv import write_csv

FORMULA = r"^\s*[=+\-@\t\r\n\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]|^[\t\r\n]"
"""How a cell begins that spreadsheets read as a formula; the full-width signs are read as such too."""

PHONE = r"^\+\d+$"
"""A phone number in the international form."""


def neutral(table: pa.Table, phones: Collection[str] = ()) -> pa.Table:
    """Give the table with an apostrophe before every text, and every column's name, that begins like a formula.

    Numbers and dates stay what they are: a negative number is no formula. So does a plus before digits alone in the
    columns named in `phones`: other programs read them, and a spreadsheet makes the same number of it.
    """
    columns = [
        _neutral(column, is_phone=name in phones) if _is_text(column.type) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    names = _neutral(pa.chunked_array([pa.array(table.column_names, pa.string())])).to_pylist()
    return pa.table(dict(zip(names, columns, strict=True))) if names else table


def write_neutral_csv(table: pa.Table, where: Path | IO[bytes], phones: Collection[str] = ()) -> None:
    """Write the table as CSV with a header; the only place of the product that writes CSV."""
    write_csv(neutral(table, phones), where)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _neutral(column: pa.ChunkedArray, *, is_phone: bool = False) -> pa.ChunkedArray:
    marked = pc.binary_join_element_wise(pa.scalar("'", column.type), column, pa.scalar("", column.type))
    is_formula = pc.match_substring_regex(column, FORMULA)
    if is_phone:
        is_formula = pc.and_(is_formula, pc.invert(pc.match_substring_regex(column, PHONE)))
    return pc.if_else(is_formula, marked, column)
