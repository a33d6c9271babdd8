"""Very many rows for one table: the statement is made once, and the driver gets plain tuples.

SQLAlchemy prepares each row of a statement in Python; for a million messages that takes longer than the database does.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, names: Sequence[str], columns: Sequence[Sequence[Any]]) -> int:
    """Insert rows given as columns of equal length, those whose key is taken left out; give how many were new.

    Values go to the driver as they are: whole numbers, texts and nulls. Columns that are not named get the table's own
    default.
    """
    if not columns or not columns[0]:
        return 0
    n = len(columns[0])
    defaults = {name: [value] * n for name, value in _defaults(table).items() if name not in names}
    given = dict(zip(names, columns, strict=True)) | defaults
    statement, places = _insert(connection, table, tuple(given))
    rows = list(zip(*(given[name] for name in places or given), strict=True))
    named = rows if places else [dict(zip(given, row, strict=True)) for row in rows]
    return connection.exec_driver_sql(statement, named).rowcount


def _defaults(table: Table) -> dict[str, Any]:
    known: dict[str, Any] = {column.name: column.default for column in table.columns}
    return {name: one.arg for name, one in known.items() if one is not None and one.is_scalar}


def _insert(connection: Connection, table: Table, names: tuple[str, ...]) -> tuple[str, Sequence[str]]:
    """Give the statement as the driver takes it, and the order of its places; none where they have names."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    compiled: Any = insert(table).on_conflict_do_nothing().compile(dialect=connection.dialect, column_keys=names)
    return str(compiled), tuple(compiled.positiontup or ())
