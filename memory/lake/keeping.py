"""What is kept between calls beside the lake: Parquet files per shop and a manifest that names those that count.

The manifest is replaced as a whole, so a reader finds one state or the other. Erasing people takes every manifest away
before the facts change and puts it back without them after: a crash in between costs a rebuild and leaks nobody.
"""

import fcntl
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import ValidationError

from memory.domain.base import Frozen, Instant, ShopId
from memory.domain.market import Shop

from .lake import Lake
from .view import LakeView

MANIFEST, LOCK, ERASURES = "manifest.json", "lock", "erasures"
UNNAMED_SECONDS = 3_600
"""Files that no manifest names are deleted after so long: before, a reader or a writer may be at them."""

_SQL_TYPES = {"string": "VARCHAR", "int32": "INTEGER", "int64": "BIGINT", "boolean": "BOOLEAN",
              "timestamp('UTC')": "TIMESTAMPTZ", "timestamp('UTC', 6)": "TIMESTAMPTZ"}  # fmt: skip


class Manifest(Frozen):
    """A kept state of one shop's profiles: which facts it knows, as of when, and where it lies."""

    layout: str
    """What the files hold; another layout is another program's."""
    shop: Shop
    """The shop as it was: currency and home decide values."""
    version: int
    """The data version it knows."""
    made_at: Instant
    """When that version was made: a lake that was restored has other versions of the same numbers."""
    tables: dict[str, int]
    """The version's lake tables."""
    as_of: Instant
    """The instant it stands at."""
    files: dict[str, str]
    """Names of its files by what they hold."""
    n_base: int
    """People in the large file."""
    n_over: int
    """People whose rows in it are replaced by those of the small one."""
    edges: tuple[tuple[str, ...], ...] = ()
    """Keys at which the fifths of recency, frequency and money begin; none where people were erased since."""
    owed: tuple[str, ...] = ()
    """Records that lost facts with somebody else's erasure: their people are worked out anew next."""


class Keeping:
    """The folder of kept states beside a lake."""

    def __init__(self, lake: Lake) -> None:
        """Use the folder beside the lake's, made when the first state is kept."""
        self.root = lake.root.with_name(f"{lake.root.name}-profiles")

    def manifest(self, shop_id: ShopId) -> Manifest | None:
        """Give the shop's kept state; none where there is none, or one that this program cannot read."""
        try:
            return Manifest.model_validate_json((self.root / shop_id / MANIFEST).read_text())
        except (FileNotFoundError, ValidationError):
            return None

    def file(self, shop_id: ShopId, manifest: Manifest, holds: str) -> Path | None:
        """Give the file of a state that holds something; none where it has none."""
        name = manifest.files.get(holds)
        return self.root / shop_id / name if name else None

    def new_file(self, shop_id: ShopId, holds: str) -> Path:
        """Give the path of a file to write; it counts once a manifest that names it is put."""
        folder = self.root / shop_id
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{holds}-{uuid4().hex}.parquet"

    def write(self, shop_id: ShopId, holds: str, view: LakeView, rows: ir.Table) -> Path:
        """Write rows of a view on DuckDB to a new file and give its path; it counts once a manifest names it."""
        path, con = self.new_file(shop_id, holds), view.backend.con
        columns = ", ".join(f'"{name}"::{_SQL_TYPES[str(kind)]} AS "{name}"' for name, kind in rows.schema().items())
        place = str(path).replace("'", "''")  # DuckDB's sums are wider than Ibis says and would be written as doubles
        con.con.execute(f"COPY (SELECT {columns} FROM ({con.compile(rows)})) TO '{place}' (FORMAT parquet)")  # noqa: S608
        return path

    def erasures(self) -> str:
        """Give a mark that changes with every erasure; take it before facts are read for a state."""
        try:
            return (self.root / ERASURES).read_text()
        except FileNotFoundError:
            return ""

    def put(self, manifest: Manifest, erasures: str) -> bool:
        """Make this the shop's state; refuse, and delete its files, where people were erased since the mark.

        Of two who put at once the later one counts.
        """
        folder = self.root / manifest.shop.shop_id
        with self._alone():
            if erasures != self.erasures():
                for name in manifest.files.values():
                    (folder / name).unlink(missing_ok=True)
                return False
            fresh = folder / f"{uuid4().hex}.new"
            fresh.write_text(manifest.model_dump_json())
            fresh.replace(folder / MANIFEST)
            _sweep(folder, set(manifest.files.values()))
        return True

    def drop(self, shop_id: ShopId) -> None:
        """Delete a shop's state."""
        shutil.rmtree(self.root / shop_id, ignore_errors=True)

    @contextmanager
    def without(self, people: Iterable[str]) -> Iterator[set[str]]:
        """Take the states away, and put them back without these people once the facts are gone.

        The set that is given takes the records of others who lost facts as well.
        """
        gone, others = pa.array(sorted(set(people)), pa.string()), set[str]()
        if not self.root.is_dir():
            yield others
            return
        with self._alone():
            (self.root / ERASURES).write_text(uuid4().hex)
            states = self._withdrawn()
            yield others
            for folder, manifest in states.items():
                _put_without(folder, manifest, gone, others)

    def _withdrawn(self) -> Mapping[Path, Manifest]:
        """Give the states and delete their manifests, and every file that none of them names."""
        found: dict[Path, Manifest] = {}
        for folder in sorted(path for path in self.root.iterdir() if path.is_dir()):
            manifest = self.manifest(folder.name)
            (folder / MANIFEST).unlink(missing_ok=True)
            named = set(manifest.files.values()) if manifest else set()
            for file in folder.iterdir():
                if file.name not in named:
                    file.unlink()
            if manifest:
                found[folder] = manifest
        return found

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _put_without(folder: Path, manifest: Manifest, gone: pa.Array, others: set[str]) -> None:
    files: dict[str, str] = {}
    for holds, name in manifest.files.items():
        old, fresh = folder / name, folder / f"{holds}-{uuid4().hex}.parquet"
        if _copy_without(old, fresh, gone):
            old.unlink()
            files[holds] = fresh.name
        else:
            fresh.unlink()
            files[holds] = name
    owed = tuple(sorted({*manifest.owed, *others} - set(gone.to_pylist())))
    kept = manifest.model_copy(update={"files": files, "edges": (), "owed": owed})
    fresh_manifest = folder / f"{uuid4().hex}.new"
    fresh_manifest.write_text(kept.model_dump_json())
    fresh_manifest.replace(folder / MANIFEST)


def _copy_without(file: Path, fresh: Path, gone: pa.Array) -> int:
    """Copy a file without the rows of these people, one row group in memory at a time; give how many went."""
    source, n_gone = pq.ParquetFile(file), 0
    with pq.ParquetWriter(fresh, source.schema_arrow, compression="snappy") as writer:
        for group in range(source.num_row_groups):
            rows = source.read_row_group(group)
            kept = rows.filter(pc.invert(pc.is_in(rows["person_id"], gone)))
            n_gone += rows.num_rows - kept.num_rows
            writer.write_table(kept)
    return n_gone


def _sweep(folder: Path, named: set[str]) -> None:
    """Delete old files that the manifest does not name."""
    present = [file for file in folder.iterdir() if file.name not in {*named, MANIFEST}]
    newest = (folder / MANIFEST).stat().st_mtime
    for file in present:
        if file.stat().st_mtime < newest - UNNAMED_SECONDS:
            file.unlink(missing_ok=True)
