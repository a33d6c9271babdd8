"""Whether anything was committed since: a cheap question, so that facts read a moment ago need not be read again."""

from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine


class Changes:
    """Watches one database from a connection of its own, which never writes; use it as a context.

    Two equal marks mean that between them no transaction of anybody else, in whatever process, was committed:
    SQLite counts commits of other connections (`PRAGMA data_version`), and on PostgreSQL a snapshot stays the same
    only while no transaction that writes ends (`pg_current_snapshot`). Unequal marks may mean nothing.
    """

    def __init__(self, engine: Engine) -> None:
        """Watch the database of an engine; connects on the first mark."""
        self._engine = engine
        self._ask = "PRAGMA data_version" if engine.dialect.name == "sqlite" else "SELECT pg_current_snapshot()::text"
        self._connection: Any = None

    def mark(self) -> object:
        """Give the mark of this instant. In an in-memory database no two marks are equal: nobody else can see it."""
        if self._engine.dialect.name == "sqlite" and self._engine.url.database in (None, "", ":memory:"):
            return object()
        if self._connection is None:
            self._connection = self._engine.raw_connection()
            if self._engine.dialect.name != "sqlite":
                self._connection.driver_connection.autocommit = True
        cursor = self._connection.cursor()
        try:
            cursor.execute(self._ask)
            return cursor.fetchone()[0]
        finally:
            cursor.close()

    def __enter__(self) -> Self:
        """Start watching."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection; it does not go back to the pool, whose next user would expect it otherwise."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection = None
