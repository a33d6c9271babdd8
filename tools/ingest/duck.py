"""A private in-memory DuckDB for columnar steps of an import."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from memory.lake.instances import Lent


@contextmanager
def open_duckdb(memory_limit: str = "400MB") -> Iterator[Any]:
    """Open a database that downloads nothing, counts time in UTC and keeps to a memory limit."""
    with Lent(memory_limit) as lent:
        yield lent.con
