"""Spooling parsed rows to Parquet in a temporary folder, so that no import grows with its file."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from memory.domain.facts import LAKE_SCHEMAS
from memory.store.contacts import CONTACT_SCHEMA

ROWS_PER_FLUSH = 20_000
_MADE_AT_COMMIT = ("revision", "content_hash", "arrived_at")
LINKS_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("left_subject", "left_kind", "right_subject", "right_kind", "rule")]
)
SUPPRESSED_SCHEMA = pa.schema(
    [("address_key", pa.string()), ("channel", pa.string()), ("reason", pa.string()), ("at", pa.timestamp("us", "UTC"))]
)
ORDER_EVENTS_SCHEMA = pa.schema(
    [
        ("order_fact_id", pa.string()),
        ("event_fact_id", pa.string()),
        ("source", pa.string()),
        ("source_id", pa.string()),
        ("kind", pa.string()),
        ("at", pa.int64()),
        ("refunded_minor", pa.int64()),
    ]
)
SIDE_SCHEMAS: dict[str, pa.Schema] = {
    "_contacts": CONTACT_SCHEMA,
    "_links": LINKS_SCHEMA,
    "_suppressed": SUPPRESSED_SCHEMA,
    "_order_events": ORDER_EVENTS_SCHEMA,
}
"""What goes to the store instead of the lake; names begin with an underscore."""


def incoming_schema(table: str) -> pa.Schema:
    """Give a fact table's schema as an importer fills it."""
    if table in SIDE_SCHEMAS:
        return SIDE_SCHEMAS[table]
    return pa.schema([field for field in LAKE_SCHEMAS[table] if field.name not in _MADE_AT_COMMIT])


class Spool:
    """Rows of one table on their way into a Parquet file."""

    def __init__(self, table: str, folder: Path) -> None:
        """Write to a file named after the table in `folder`."""
        self.path = folder / f"{table}.parquet"
        self.n_rows = 0
        self._schema = incoming_schema(table)
        self._rows: list[dict[str, Any]] = []
        self._writer: pq.ParquetWriter | None = None

    def add(self, row: dict[str, Any]) -> None:
        """Take one row; columns that are not given are null."""
        self._rows.append(row)
        self.n_rows += 1
        if len(self._rows) >= ROWS_PER_FLUSH:
            self._flush()

    def add_table(self, rows: pa.Table) -> None:
        """Take many rows in the table's incoming schema."""
        self._flush()
        self._write(rows.select(self._schema.names).cast(self._schema))
        self.n_rows += rows.num_rows

    def close(self) -> Path:
        """Write what is left and give the file."""
        self._flush()
        if self._writer is None:
            self._write(self._schema.empty_table())
        assert self._writer is not None
        self._writer.close()
        return self.path

    def _flush(self) -> None:
        if self._rows:
            arrays = [_array(self._rows, field) for field in self._schema]
            self._write(pa.Table.from_arrays(arrays, schema=self._schema))
            self._rows = []

    def _write(self, rows: pa.Table) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, self._schema, compression="lz4")
        self._writer.write_table(rows)


def _array(rows: list[dict[str, Any]], field: pa.Field) -> pa.Array:
    values = [row.get(field.name) for row in rows]
    if pa.types.is_timestamp(field.type):  # importers give whole microseconds since 1970, in UTC
        return pa.array(values, pa.int64()).cast(field.type)
    return pa.array(values, field.type)
