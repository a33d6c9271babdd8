"""Reading an experiment's table: one streaming pass of DuckDB gives the moments per arm and slice."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from memory.domain.errors import InvalidInput

MEMORY_LIMIT = "1GB"
MAX_ARMS = 20
MAX_SLICES = 100
NUMERIC = ("INT", "DOUBLE", "FLOAT", "REAL", "DECIMAL", "BOOLEAN")
READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".tsv": "read_csv"}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ArmNumbers:
    """What is known of the people of one arm (and slice): outcomes first, then covariates, in the order asked for."""

    n: int
    """People."""
    mean: Floats
    """(k,): means."""
    covariance: Floats
    """(k, k): sample covariances; outcome with outcome only on the diagonal. NaN below two people."""
    n_nonzero: tuple[int, ...]
    """Per outcome: people with anything but 0."""
    is_bounded: tuple[bool, ...]
    """Per outcome: whether every value is 0 or 1."""


@dataclass(frozen=True)
class Asked:
    """Which columns play which part."""

    treatment: str
    outcomes: tuple[str, ...]
    by: str = ""
    covariates: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """Columns that must hold numbers."""
        return (*self.outcomes, *self.covariates)


def read(path: Path, asked: Asked) -> dict[tuple[str | None, str], ArmNumbers]:
    """Give the moments per (slice, arm); the slice is None for everybody.

    Raise `InvalidInput` naming the remedy for a file that cannot be read, a missing or non-numeric column, an empty
    cell, an outcome named twice, and too many arms or slices.
    """
    if not asked.outcomes:
        raise InvalidInput(what="the experiment", why="no outcome is named", remedy="Name a column with --outcome")
    parts = (asked.treatment, *asked.numbers, *([asked.by] if asked.by else []))
    if twice := sorted({name for name in parts if parts.count(name) > 1}):
        raise InvalidInput(
            what="the experiment", why=f"{', '.join(twice)} is named twice", remedy="Give each column one part"
        )
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "autoinstall_known_extensions": "false"}) as con:
        source = _open(con, path)
        _check(con, source, path, asked)
        found = _moments(con, source, asked, "")
        if asked.by:
            found |= _moments(con, source, asked, asked.by)
        return found


def _open(con: duckdb.DuckDBPyConnection, path: Path) -> str:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise InvalidInput(what=str(path), why="it is no table", remedy="Give a .csv, .tsv or .parquet file")
    named = str(path).replace("'", "''")
    try:
        con.execute(f"CREATE VIEW given AS SELECT * FROM {reader}('{named}')")  # noqa: S608  the path is quoted
    except duckdb.Error as error:
        why = str(error).splitlines()[0]
        raise InvalidInput(what=str(path), why=f"it cannot be read ({why})", remedy="Check the file") from None
    return "given"


def _check(con: duckdb.DuckDBPyConnection, source: str, path: Path, asked: Asked) -> None:
    kinds = {row[0]: str(row[1]) for row in con.execute(f"DESCRIBE {source}").fetchall()}
    wanted = (asked.treatment, *asked.numbers, *([asked.by] if asked.by else []))
    if missing := [name for name in wanted if name not in kinds]:
        remedy = f"It has {', '.join(sorted(kinds))}"
        raise InvalidInput(what=path.name, why=f"there is no column {', '.join(missing)}", remedy=remedy)
    for name in asked.numbers:
        if not any(part in kinds[name] for part in NUMERIC):
            why = f"column {name} holds no numbers but {kinds[name].lower()}"
            raise InvalidInput(what=path.name, why=why, remedy="Write 0 and 1, or an amount, in each row")
    counts = ", ".join(f"count(*) - count({_q(name)})" for name in wanted)
    odd = ", ".join(f"count(*) FILTER (NOT isfinite({_q(name)}::DOUBLE))" for name in asked.numbers)
    row = _one(con, path, f"SELECT {counts}, {odd} FROM {source}")  # noqa: S608  names are quoted
    for name, n in zip((*wanted, *asked.numbers), row, strict=True):
        if n:
            why, remedy = f"{n:,} rows have no value in {name}", "Fill them, 0 where nothing was bought, or drop them"
            raise InvalidInput(what=path.name, why=why, remedy=remedy)
    _few(con, source, path, asked.treatment, MAX_ARMS, "arms")
    if asked.by:
        _few(con, source, path, asked.by, MAX_SLICES, "slices")


def _few(con: duckdb.DuckDBPyConnection, source: str, path: Path, column: str, most: int, what: str) -> None:
    n = _one(con, path, f"SELECT count(DISTINCT {_q(column)}) FROM {source}")[0]  # noqa: S608  quoted
    if n > most:
        why = f"column {column} would make {n:,} {what}, more than {most}"
        raise InvalidInput(what=path.name, why=why, remedy="Name a column with few values")


def _one(con: duckdb.DuckDBPyConnection, path: Path, query: str) -> tuple[Any, ...]:
    try:
        row = con.execute(query).fetchone()
    except duckdb.Error as error:
        why = f"a row does not fit the columns ({str(error).splitlines()[0]})"
        raise InvalidInput(what=path.name, why=why, remedy="Mend the row") from None
    assert row is not None
    return row


def _moments(
    con: duckdb.DuckDBPyConnection, source: str, asked: Asked, by: str
) -> dict[tuple[str | None, str], ArmNumbers]:
    columns = [f"{_q(name)}::DOUBLE" for name in asked.numbers]
    n_outcomes, k = len(asked.outcomes), len(columns)
    pairs = [(i, j) for i in range(k) for j in range(max(i, n_outcomes), k)] + [(i, i) for i in range(n_outcomes)]
    parts = [f"avg({each})" for each in columns]
    parts += [f"covar_samp({columns[i]}, {columns[j]})" for i, j in pairs]
    parts += [f"count(*) FILTER ({each} <> 0)" for each in columns[:n_outcomes]]
    parts += [f"bool_and({each} IN (0, 1))" for each in columns[:n_outcomes]]
    group = f"{_q(by)}::VARCHAR" if by else "NULL"
    query = (
        f"SELECT {group} AS slice, {_q(asked.treatment)}::VARCHAR AS arm, count(*), {', '.join(parts)} "  # noqa: S608
        f"FROM {source} GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return {(row[0], row[1]): _of_row(row[2:], pairs, k, n_outcomes) for row in con.execute(query).fetchall()}


def _of_row(row: Sequence[Any], pairs: Sequence[tuple[int, int]], k: int, n_outcomes: int) -> ArmNumbers:
    values = np.array([np.nan if value is None else value for value in row[1 : 1 + k + len(pairs)]], dtype=np.float64)
    covariance = np.zeros((k, k))
    for (i, j), value in zip(pairs, values[k:], strict=True):
        covariance[i, j] = covariance[j, i] = value
    rest = row[1 + k + len(pairs) :]
    return ArmNumbers(
        n=int(row[0]),
        mean=values[:k],
        covariance=covariance,
        n_nonzero=tuple(int(each) for each in rest[:n_outcomes]),
        is_bounded=tuple(bool(each) for each in rest[n_outcomes:]),
    )


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
