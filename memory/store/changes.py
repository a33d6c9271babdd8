"""Whether anything was committed since: a cheap question, so that facts read a moment ago need not be read again."""

from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError


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
        self._n_connections = 0  # each counts for itself: marks of two are never equal

    def mark(self) -> object:
        """Give the mark of this instant.

        No two are equal in an in-memory database, which nobody else can see, and where the database does not answer.
        """
        if self._engine.dialect.name == "sqlite" and self._engine.url.database in (None, "", ":memory:"):
            return object()
        try:
            return self._asked()
        except (DBAPIError, self._engine.dialect.loaded_dbapi.Error):  # whoever reads next says what is wrong
            self._forget()
            return object()

    def _asked(self) -> object:
        if self._connection is None:
            self._connection = self._engine.raw_connection()
            self._n_connections += 1
            if self._engine.dialect.name != "sqlite":
                self._connection.driver_connection.autocommit = True
        cursor = self._connection.cursor()
        try:
            cursor.execute(self._ask)
            return self._n_connections, cursor.fetchone()[0]
        finally:
            cursor.close()

    def __enter__(self) -> Self:
        """Start watching."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection; it does not go back to the pool, whose next user would expect it otherwise."""
        self._forget()

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection = None
