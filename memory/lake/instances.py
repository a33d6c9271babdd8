"""DuckDB instances, lent to one holder at a time and kept for the next: starting one costs more than a small question.

A holder works in an attached database of its own, in memory or in a file, that goes when the instance comes back, with
its temporary tables and registered rows. Limits are set at each lending.
"""

import atexit
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import duckdb

MOST_IDLE = 4
"""So many instances are kept; what comes back beyond is closed."""
MOST_SOUGHT = 2_000
"""Up to so many ids of a join are looked for in the statistics and filters of the other side's files."""

_idle: list[Any] = []
_of_the_parent: list[Any] = []
"""After a fork the child holds instances whose threads it lacks: closing one would wait for them for good."""


class Lent:
    """A connection to an instance that nobody else holds. Use it as a context manager, or close it."""

    def __init__(self, memory_limit: str, path: Path | None = None, *, keeps_footers: bool = False) -> None:
        """Take an idle instance or start one; work in a file at `path`, or in memory.

        Beyond `memory_limit` DuckDB spills to the system's temporary folder. With `keeps_footers` the footers of
        Parquet files are kept: for files that never change.
        """
        self._instance = _taken()
        self.con: Any = self._instance.cursor()
        """The DuckDB connection: nothing is downloaded, time is in UTC."""
        place = ":memory:" if path is None else str(path).replace("'", "''")
        try:
            self.con.execute(
                f"SET GLOBAL memory_limit = '{memory_limit}'; SET GLOBAL parquet_metadata_cache = {keeps_footers}; "
                f"SET TimeZone = 'UTC'; SET dynamic_or_filter_threshold = {MOST_SOUGHT}; "
                f"ATTACH '{place}' AS lent; USE lent"
            )
        except duckdb.Error:
            self.close()
            raise

    def close(self) -> None:
        """Give the instance back, empty; again does nothing. One that cannot be emptied is closed."""
        instance, self._instance = self._instance, None
        if instance is None:
            return
        self.con.close()
        try:
            instance.execute("DETACH lent")
        except duckdb.Error:
            instance.close()
            return
        if len(_idle) < MOST_IDLE:
            _idle.append(instance)
        else:
            instance.close()

    def __enter__(self) -> Self:
        """Hold it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give it back."""
        self.close()


def _taken() -> Any:
    try:
        return _idle.pop()
    except IndexError:
        spill = Path(tempfile.gettempdir()) / f"second-order-{uuid4().hex}"  # made when the first one spills
        return duckdb.connect(config={"temp_directory": str(spill), "autoinstall_known_extensions": "false"})


def _forget() -> None:
    _of_the_parent.extend(_idle)
    _idle.clear()


@atexit.register
def _close_idle() -> None:
    while _idle:
        _idle.pop().close()


os.register_at_fork(after_in_child=_forget)
