"""Staging: new facts beside the latest known ones; only what is new or changed goes on to the lake."""

# ruff: noqa: S608  table and column names come from our own schemas, values are parameters

import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

import pyarrow as pa

from memory.domain.base import Count, Frozen
from memory.domain.errors import InvalidInput
from memory.domain.facts import LAKE_SCHEMAS, SUPERSEDED_SCHEMA

from .instances import Lent
from .layout import order_of

Rows: TypeAlias = "pa.Table | pa.RecordBatchReader | Path"
"""Facts in memory, as a stream, or in a Parquet file."""

MEMORY_LIMIT = "800MB"
ROWS_PER_BATCH = 100_000
MADE_HERE = frozenset({"revision", "content_hash"})
NOT_CONTENT = MADE_HERE | {"arrived_at", "fact_id", "shop_id", "source"}  # the id is made of the latter two


class FactCounts(Frozen):
    """What became of the rows of one table."""

    n_new: Count = 0
    """Facts that were not known."""
    n_changed: Count = 0
    """Known facts with other content: a new revision."""
    n_unchanged: Count = 0
    """Known facts with the same content: nothing happens."""
    n_repeated: Count = 0
    """Rows whose fact stands in the same input again; the latest event, then the last row, counts."""


class Staging:
    """A private DuckDB on disk that compares facts in bounded memory. Use it as a context manager."""

    def __init__(self, at: datetime) -> None:
        """Make the private database in the system's temporary folder; facts without `arrived_at` arrive `at`."""
        self._at = at
        self._folder = tempfile.TemporaryDirectory(prefix="second-order-")
        self._lent = Lent(MEMORY_LIMIT, Path(self._folder.name) / "staging.db")
        self._con = self._lent.con

    def add(self, kind: str, rows: Rows) -> None:
        """Stage rows of a fact table; raise `InvalidInput` for missing, unknown or empty required columns.

        Columns that may be null and `arrived_at` may be left out; `revision` and `content_hash` are computed here.
        """
        schema = LAKE_SCHEMAS[kind]
        source = self._source(rows)
        given = {row[0] for row in self._rows(f"DESCRIBE SELECT * FROM {source}")}
        _check_columns(kind, schema, given)
        content = [field for field in schema if field.name not in MADE_HERE and field.name in given]
        hashed = ", ".join(_token(field) for field in content if field.name not in NOT_CONTENT)
        columns = ", ".join(f'"{field.name}"::{_sql_type(field.type)} AS "{field.name}"' for field in content)
        if "arrived_at" not in given:
            columns += f", '{self._at.isoformat()}'::TIMESTAMPTZ AS arrived_at"
        self._con.execute(
            f"CREATE TABLE staged_{kind} AS SELECT *, left(sha256(concat({hashed})), 32) AS content_hash "
            f"FROM (SELECT {columns} FROM {source})"
        )
        self._refuse_nulls(kind, schema)

    def compare(self, kind: str, files: Sequence[str], superseded: Sequence[str]) -> FactCounts:
        """Mark which staged rows are new or changed against the latest revisions in these Parquet files."""
        n_repeated = self._drop_repeated(kind)
        self._read_known(kind, files, superseded)
        self._con.execute(
            f"CREATE TABLE fresh_{kind} AS SELECT staged.rowid AS place, "
            f"(coalesce(known.revision, 0) + 1)::INTEGER AS revision "
            f"FROM staged_{kind} staged LEFT JOIN known_{kind} known USING (fact_id) "
            f"WHERE known.fact_id IS NULL OR known.content_hash <> staged.content_hash"
        )
        n_staged = self._number(f"SELECT count(*) FROM staged_{kind}")
        n_new = self._number(f"SELECT count(*) FROM fresh_{kind} WHERE revision = 1")
        n_changed = self._number(f"SELECT count(*) FROM fresh_{kind} WHERE revision > 1")
        return FactCounts(
            n_new=n_new, n_changed=n_changed, n_unchanged=n_staged - n_new - n_changed, n_repeated=n_repeated
        )

    def fresh(self, kind: str) -> Iterator[pa.RecordBatch]:
        """Give the new and changed rows as batches of the table's schema, in the order of `order_of`."""
        schema = LAKE_SCHEMAS[kind]
        staged = {row[0] for row in self._rows(f"DESCRIBE staged_{kind}")} | {"revision"}
        columns = ", ".join(
            f'"{field.name}"' if field.name in staged else f'NULL::{_sql_type(field.type)} AS "{field.name}"'
            for field in schema
        )
        order = f" ORDER BY {column}" if (column := order_of(kind)) else ""
        result: Any = self._con.sql(
            f"SELECT {columns} FROM staged_{kind} staged JOIN fresh_{kind} fresh ON staged.rowid = fresh.place{order}"
        )
        batches: pa.RecordBatchReader = result.to_arrow_reader(ROWS_PER_BATCH)
        yield from batches

    def superseded(self, kind: str) -> pa.Table:
        """Give the revisions that the fresh rows replace, as `SUPERSEDED_SCHEMA`."""
        result: Any = self._con.sql(
            f"SELECT '{kind}' AS fact_kind, staged.fact_id, (fresh.revision - 1)::INTEGER AS revision "
            f"FROM staged_{kind} staged JOIN fresh_{kind} fresh ON staged.rowid = fresh.place "
            f"WHERE fresh.revision > 1"
        )
        replaced: pa.Table = result.to_arrow_table()
        return replaced.cast(SUPERSEDED_SCHEMA)

    def compare_snapshot(self, key: str, rows: pa.Table, before: pa.Table) -> FactCounts:
        """Count how a new snapshot of a two-column table differs from the one before, by its key column."""
        self._con.register("snapshot_new", rows)
        self._con.register("snapshot_old", before)
        if self._number(f"SELECT count(*) - count(DISTINCT {key}) FROM snapshot_new"):
            raise InvalidInput(what="snapshot", why=f"a {key} stands in it twice", remedy=f"Name each {key} once.")
        n_new, n_gone, n_unchanged, n_both = self._rows(
            f"SELECT count(*) FILTER (o.{key} IS NULL), count(*) FILTER (n.{key} IS NULL), "
            f"count(*) FILTER (o = n), count(*) FILTER (o.{key} = n.{key}) "
            f"FROM snapshot_new n FULL JOIN snapshot_old o ON n.{key} = o.{key}"
        )[0]
        return FactCounts(n_new=n_new, n_changed=n_both - n_unchanged + n_gone, n_unchanged=n_unchanged)

    def __enter__(self) -> Self:
        """Open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close and delete the private database."""
        self._lent.close()
        self._folder.cleanup()

    def _source(self, rows: Rows) -> str:
        if isinstance(rows, Path):
            path = str(rows).replace("'", "''")
            return f"read_parquet('{path}')"
        self._con.register("incoming", rows)
        return "incoming"

    def _refuse_nulls(self, kind: str, schema: pa.Schema) -> None:
        required = [field.name for field in schema if not field.nullable and field.name not in MADE_HERE]
        counts = ", ".join(f'count(*) - count("{name}")' for name in required)
        for name, n_null in zip(required, self._rows(f"SELECT {counts} FROM staged_{kind}")[0], strict=True):
            if n_null:
                raise InvalidInput(
                    what=f"table {kind}", why=f"{n_null} rows have no {name}", remedy="Reject such rows before."
                )

    def _drop_repeated(self, kind: str) -> int:
        self._con.execute(
            f"CREATE TABLE repeated_{kind} AS SELECT place FROM (SELECT rowid AS place, "
            f"row_number() OVER (PARTITION BY fact_id ORDER BY event_at DESC, rowid DESC) AS nth FROM staged_{kind} "
            f"WHERE fact_id IN (SELECT fact_id FROM staged_{kind} GROUP BY fact_id HAVING count(*) > 1)) WHERE nth > 1"
        )
        self._con.execute(f"DELETE FROM staged_{kind} WHERE rowid IN (SELECT place FROM repeated_{kind})")
        return self._number(f"SELECT count(*) FROM repeated_{kind}")

    def _read_known(self, kind: str, files: Sequence[str], superseded: Sequence[str]) -> None:
        if not files:
            self._con.execute(f"CREATE TABLE known_{kind} (fact_id VARCHAR, revision INTEGER, content_hash VARCHAR)")
            return
        query = (
            f"CREATE TABLE known_{kind} AS SELECT fact_id, revision, content_hash FROM read_parquet(?) facts "
            f"SEMI JOIN staged_{kind} staged USING (fact_id)"
        )
        parameters: list[Any] = [list(files)]
        if superseded:
            query += f" ANTI JOIN (FROM read_parquet(?) WHERE fact_kind = '{kind}') replaced USING (fact_id, revision)"
            parameters.append(list(superseded))
        self._con.execute(query, parameters)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._con.execute(query).fetchall()
        return rows

    def _number(self, query: str) -> int:
        return int(self._rows(query)[0][0])


def _check_columns(kind: str, schema: pa.Schema, given: set[str]) -> None:
    required = {field.name for field in schema if not field.nullable} - MADE_HERE - {"arrived_at"}
    if missing := sorted(required - given):
        raise InvalidInput(what=f"table {kind}", why=f"columns {missing} are missing", remedy="Give them.")
    if unknown := sorted(given - set(schema.names)):
        raise InvalidInput(what=f"table {kind}", why=f"columns {unknown} are not declared", remedy="Leave them out.")


def _token(field: pa.Field) -> str:
    """Name, length and text of a value, nothing for null: a column that is added later changes no hash."""
    name = f'"{field.name}"'
    value = f"epoch_us({name})" if pa.types.is_timestamp(field.type) else name
    length = f"strlen({value}), ':', " if pa.types.is_string(field.type) else ""
    token = f"'{field.name}=', {length}{value}, ';'"
    return f"CASE WHEN {name} IS NOT NULL THEN concat({token}) END" if field.nullable else token


def _sql_type(kind: pa.DataType) -> str:
    return _SQL_TYPES[str(kind)]


_SQL_TYPES = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
}
