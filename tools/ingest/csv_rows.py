"""CSV rows as dicts, read strictly and in bounded memory."""

import csv
from collections.abc import Iterable, Iterator
from typing import NoReturn, Protocol

from .source import Source

Row = dict[str, str]


class Rejector(Protocol):
    """Takes a wrong row: its line and the reason."""

    def __call__(self, line: int, reason: str, /) -> None:
        """Take note."""
        ...


def csv_rows(source: Source, required: Iterable[str], reject: Rejector) -> Iterator[tuple[int, Row]]:
    """Give (line, row) of a CSV file with a header; wrong rows go to `reject`, a broken file is refused.

    `line` is the line on which the row begins. Columns that the header does not name make a row wrong.
    """
    source.check()
    reader = csv.reader(source.lines(), strict=True)
    header = _header(source, reader, required)
    width, begins = len(header), reader.line_num + 1
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            _refuse_broken(source, error, begins)
        if fields is None:
            return
        if fields:
            source.counted()
            if len(fields) == width:
                yield begins, dict(zip(header, fields, strict=True))
            else:
                reject(begins, f"it has {len(fields)} fields where the header has {width}")
        begins = reader.line_num + 1


def _header(source: Source, reader: Iterator[list[str]], required: Iterable[str]) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        _refuse_broken(source, error, 1)
    if not header or header == [""]:
        source.refuse("it is empty", "Export it again", 1)
    if len(header) > source.limits.max_columns:
        source.refuse(f"it has {len(header)} columns, more than {source.limits.max_columns}", "Export it again", 1)
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    if doubled:
        source.refuse(f"columns stand twice in the header: {', '.join(doubled[:5])}", "Remove one of each", 1)
    missing = [name for name in required if name not in header]
    if missing:
        source.refuse(f"columns are missing: {', '.join(missing[:8])}", "Check that it is the right kind of export", 1)
    return header


def _refuse_broken(source: Source, error: csv.Error, line: int) -> NoReturn:
    text = str(error)
    if "field larger" in text:
        source.refuse(
            f"a field is longer than {source.limits.max_field_chars} characters, or a quote is never closed",
            "Check the quotes from this line on",
            line,
        )
    source.refuse(f"it is no valid CSV: {text}", "Check the quotes from this line on", line)
