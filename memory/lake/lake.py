"""The lake: one Delta log per table; appends make versions, readers name them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

from memory.domain.facts import LAKE_SCHEMAS, PLAIN_SCHEMAS

from .view import LakeView

SCHEMAS = {**LAKE_SCHEMAS, **PLAIN_SCHEMAS}


class Lake:
    """A folder of Delta tables, one per lake table."""

    def __init__(self, root: Path) -> None:
        """Use the folder `root`; it is made when the first table is written."""
        self.root = root

    def append(self, table: str, rows: pa.Table | Iterable[pa.RecordBatch]) -> int:
        """Append rows of the table's declared schema and give the new lake version.

        The rows are invisible until a data version names the lake version.
        """
        return self._write(table, rows, mode="append")

    def replace(self, table: str, rows: pa.Table | Iterable[pa.RecordBatch]) -> int:
        """Write a snapshot that replaces the table's content from this version on; older versions stay readable."""
        return self._write(table, rows, mode="overwrite")

    def files(self, table: str, version: int) -> list[str]:
        """Give the Parquet files of one version of a table."""
        return list(DeltaTable(str(self.root / table), version=version).file_uris())

    def open(self, versions: Mapping[str, int], shop_ids: Iterable[str] | None = None) -> LakeView:
        """Open the named versions for reading, only these shops where any are given."""
        return LakeView({name: self.files(name, version) for name, version in versions.items()}, shop_ids)

    def _write(self, table: str, rows: pa.Table | Iterable[pa.RecordBatch], mode: str) -> int:
        schema = SCHEMAS[table]
        if isinstance(rows, pa.Table):
            reader = pa.RecordBatchReader.from_batches(schema, rows.cast(schema).to_batches())
        else:
            reader = pa.RecordBatchReader.from_batches(schema, rows)
        path = self.root / table
        path.mkdir(parents=True, exist_ok=True)
        write_deltalake(str(path), reader, mode=mode)  # type: ignore[call-overload]
        return DeltaTable(str(path)).version()
