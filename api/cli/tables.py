"""Tables and lists for people to read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    """Give a table; numbers stand right, text is shown as it is."""
    kept = [tuple(row) for row in rows]
    shown = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for index, column in enumerate(columns):
        numbers = bool(kept) and all(isinstance(row[index], int | float) for row in kept)
        shown.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for row in kept:
        shown.add_row(*(escape(_cell(cell)) for cell in row))
    return shown


def facts(values: Mapping[str, Any]) -> Table:
    """Give names and values, one pair a line."""
    shown = Table(show_header=False, box=None, pad_edge=False)
    shown.add_column(style="bold")
    shown.add_column(overflow="fold")
    for name, value in values.items():
        shown.add_row(name.replace("_", " "), escape(_cell(value)))
    return shown


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(_cell(part) for part in value) or "-"
    return str(value)
