"""A private in-memory DuckDB for columnar steps of an import."""

from typing import Any

from memory.lake.backends import MOST_SOUGHT


def open_duckdb(memory_limit: str = "400MB") -> Any:
    """Open a database that downloads nothing, counts time in UTC and keeps to a memory limit."""
    import duckdb

    con = duckdb.connect(config={"memory_limit": memory_limit, "autoinstall_known_extensions": "false"})
    con.execute(f"SET TimeZone = 'UTC'; SET dynamic_or_filter_threshold = {MOST_SOUGHT}")
    return con
