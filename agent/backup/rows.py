"""Rows of a table as JSON lines and back: the same on SQLite and PostgreSQL, so that a backup moves between them."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Connection, Date, DateTime, Integer, Table, func, insert, select, text

from memory.store.tables import metadata

ROWS_PER_STATEMENT = 2_000


def tables() -> tuple[Table, ...]:
    """Give every table in an order in which rows can be inserted."""
    return tuple(metadata.sorted_tables)


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Give a table's rows, one JSON object a line."""
    for row in connection.execute(select(table)).yield_per(ROWS_PER_STATEMENT).mappings():
        yield (json.dumps(dict(row), default=_plain, ensure_ascii=False) + "\n").encode()


def insert_lines(connection: Connection, table: Table, rows: Iterator[bytes]) -> int:
    """Insert rows that `lines` gave; give how many."""
    n_rows, batch = 0, list[dict[str, Any]]()
    for line in rows:
        batch.append(_typed(table, json.loads(line)))
        n_rows += 1
        if len(batch) == ROWS_PER_STATEMENT:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)
    if n_rows and connection.dialect.name == "postgresql":
        _go_on_counting(connection, table)
    return n_rows


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Let the sequences of a table continue behind the ids that came with the rows."""
    for column in table.primary_key.columns:
        if not isinstance(column.type, Integer):
            continue
        asked = {"table": f'"{table.name}"', "column": column.name}
        named = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), asked).scalar()
        if named:
            highest = connection.execute(select(func.max(column))).scalar()
            connection.execute(text("SELECT setval(:named, :highest)"), {"named": named, "highest": highest})


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: Any, value: Any) -> Any:
    plain = getattr(kind, "impl_instance", kind)  # what a decorated type is stored as
    if value is None or isinstance(plain, JSON):
        return value
    if isinstance(plain, DateTime):
        found = datetime.fromisoformat(value)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return date.fromisoformat(value) if isinstance(plain, Date) else value


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a backup")
