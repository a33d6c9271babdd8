"""The lake: one Delta log per table; appends make versions, readers name them."""

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, write_deltalake

from memory.domain.errors import InvalidInput
from memory.domain.facts import LAKE_SCHEMAS, PLAIN_SCHEMAS

from .backends import Backend
from .layout import laid_out, properties_of
from .view import LakeView

SCHEMAS = {**LAKE_SCHEMAS, **PLAIN_SCHEMAS}
UNUSABLE = frozenset("[]*?%#")  # the Delta writer or DuckDB reads these as patterns or escapes
KEEP_LOGS = {"delta.enableExpiredLogCleanup": "false", "delta.logRetentionDuration": "interval 36500 days"}
"""Old versions stay readable for good: without this Delta forgets its log after 30 days."""
SMALL_FILE_BYTES, MERGED_BYTES = 1_000_000, 16_000_000
"""A file that is too small to stay for good, and the size up to which files are put together."""
MOST_SMALL = 32
"""Small files of a table before they are put together."""


class Lake:
    """A folder of Delta tables, one per lake table."""

    def __init__(self, root: Path) -> None:
        """Use the folder `root`; it is made when the first table is written. Raise `InvalidInput` for `[]*?%#`."""
        if UNUSABLE & set(str(root.absolute())):
            raise InvalidInput(
                what=f"lake folder {root}", why="its path holds one of []*?%#", remedy="Choose a path without them."
            )
        self.root = root

    def append(
        self, table: str, rows: pa.Table | Iterable[pa.RecordBatch], *, after: int | Literal["latest"] | None = "latest"
    ) -> int:
        """Append rows of the table's declared schema and give the new lake version.

        Once small files are many they are put together in a version of its own, which is then the one that is given.
        The rows are invisible until something in the store names the lake version. `after` is the version
        the rows are added to (None for an empty table): rows of any later version, left by a writer that
        died before its store transaction, are not part of the new version. Only one writer at a time.
        """
        if after is None and self._exists(table):
            return self.replace(table, rows)
        known = self._return_to(table, after) if isinstance(after, int) else None
        return self._write(table, rows, "append", known)

    def replace(self, table: str, rows: pa.Table | Iterable[pa.RecordBatch]) -> int:
        """Write a snapshot that replaces the table's content from this version on; older versions stay readable."""
        return self._write(table, rows, "overwrite")

    def files(self, table: str, version: int) -> list[str]:
        """Give the Parquet files of one version of a table."""
        folder = self.root / table
        uris = DeltaTable(str(folder), version=version).file_uris()
        return [str(folder / unquote(uri.rsplit("/", 1)[-1])) for uri in uris]

    def open(
        self,
        versions: Mapping[str, int],
        shop_ids: Iterable[str] | None = None,
        backend: Backend | None = None,
        subjects: Iterable[str] | None = None,
        read_once: Iterable[str] = (),
    ) -> LakeView:
        """Open the named versions for reading, only these shops where any are given; DuckDB unless told otherwise.

        With `subjects` only the facts of these are read; the fact tables `read_once` are worked out once.
        """
        return LakeView(self.files_of(versions), shop_ids, backend, subjects, read_once)

    def files_of(self, versions: Mapping[str, int]) -> Mapping[str, list[str]]:
        """Give the Parquet files of each named table version; a table's log is read once its files are asked for."""
        return _Files(self, versions)

    def vacuum(self, named: Mapping[str, Collection[int]]) -> int:
        """Delete files that none of the named versions of these tables needs; give how many.

        A table that is not listed is left alone; one listed without versions is removed. Nobody may
        write meanwhile. Versions that are not named can't be read afterwards.
        """
        return sum(self._vacuum(table, versions) for table, versions in named.items() if self._exists(table))

    def _vacuum(self, table: str, versions: Collection[int]) -> int:
        folder = self.root / table
        present = set(folder.glob("*.parquet"))
        if not versions:
            shutil.rmtree(folder)
            return len(present)
        self._return_to(table, max(versions))
        needed = {Path(name) for version in versions for name in self.files(table, version)}
        for orphan in present - needed:
            orphan.unlink()
        return len(present - needed)

    def _exists(self, table: str) -> bool:
        return DeltaTable.is_deltatable(str(self.root / table))

    def _return_to(self, table: str, version: int) -> DeltaTable:
        current = DeltaTable(str(self.root / table))
        if current.version() != version:
            current.restore(version)
        return current

    def _write(
        self, table: str, rows: pa.Table | Iterable[pa.RecordBatch], mode: str, known: DeltaTable | None = None
    ) -> int:
        schema = SCHEMAS[table]
        batches, properties = laid_out(table, rows)
        reader = pa.RecordBatchReader.from_batches(schema, (batch.cast(schema) for batch in batches))
        path = self.root / table
        path.mkdir(parents=True, exist_ok=True)
        schema_mode = "merge" if mode == "append" else "overwrite"  # a table made before a column came gets it here
        write_deltalake(  # type: ignore[call-overload]
            str(path) if known is None else known,
            reader,
            mode=mode,
            schema_mode=schema_mode,
            configuration=KEEP_LOGS,
            writer_properties=properties,
        )
        written = known or DeltaTable(str(path))
        if mode == "append":
            _merge_small(table, written)
        return written.version()


def _merge_small(table: str, written: DeltaTable) -> None:
    """Put the newest version's many small files into few: every reader opens each, and every flush adds one.

    That is one more version with the same rows; earlier ones keep their files.
    """
    if len(written.file_uris()) < MOST_SMALL:
        return
    files = pa.table(written.get_add_actions(flatten=True))
    small = files.filter(pc.less(files["size_bytes"], SMALL_FILE_BYTES))
    if small.num_rows >= MOST_SMALL:
        n_rows = pc.sum(small["num_records"]).as_py() or 0
        written.optimize.compact(target_size=MERGED_BYTES, writer_properties=properties_of(table, n_rows))


class _Files(Mapping[str, list[str]]):
    """The files of table versions, each looked up once: a reader needs few of the tables that a version names."""

    def __init__(self, lake: Lake, versions: Mapping[str, int]) -> None:
        self._versions, self._found = dict(versions), dict[str, list[str]]()
        self._read = lake.files

    def __getitem__(self, name: str) -> list[str]:
        if name not in self._found:
            self._found[name] = self._read(name, self._versions[name])
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._versions)

    def __len__(self) -> int:
        return len(self._versions)
