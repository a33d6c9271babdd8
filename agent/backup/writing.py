"""Writing a backup: one moment of store and lake, because facts and decisions are only written under its lock."""

import gzip
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from memory.domain.base import Count, Frozen, Instant
from memory.domain.errors import InvalidInput
from memory.store.migrations import HEAD
from memory.store.vault import key_id

from .rows import lines, tables
from .sealed import SealingFile

if TYPE_CHECKING:
    from agent.assembly import App

FORMAT = "second-order/backup@1"
LABEL = "not encrypted: holds personal data and the installation's key; keep it as you keep the database"
SEALED_LABEL = "encrypted with SECONDORDER_SECRET_KEY, which is not in it: without that key nobody restores it"
KEY_FILES = ("secret.key", "secrets.key", "audit.head")
"""Files of the home folder that go along where they exist."""
SPOOL_BYTES = 32 * 2**20


class Backup(Frozen):
    """What a backup holds."""

    format: str = FORMAT
    """The kind of file."""
    label: str = LABEL
    """What whoever finds it must know."""
    is_encrypted: bool = False
    """Whether it opens with `SECONDORDER_SECRET_KEY` only."""
    key_id: str = ""
    """Public name of that key; empty for a plain file."""
    made_at: Instant
    """When."""
    revision: str
    """Revision of the store's tables."""
    data_version: Count
    """The newest data version in it."""
    n_rows: dict[str, Count] = {}
    """Rows per table."""
    n_lake_files: Count = 0
    """Files of the lake, its logs included."""


def write_backup(app: "App", path: Path) -> Backup:
    """Write store, lake, recall and keys to a new file only its owner may read; raise `InvalidInput` if it exists.

    With a key in the environment (`SECONDORDER_SECRET_KEY`) it is encrypted, without one it is plain. Settings are not
    in it, nor is the erasure journal, which is kept apart.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InvalidInput(what=str(path), why=error.strerror or str(error), remedy="Name a new file") from None
    try:
        with (
            os.fdopen(handle, "wb") as raw,
            _outer(app, raw) as outer,
            gzip.open(outer, "wb", compresslevel=5) as packed,
            tarfile.open(fileobj=packed, mode="w|") as file,
        ):
            return _write(app, file)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _outer(app: "App", raw: BinaryIO) -> AbstractContextManager[Any]:
    piece = app.settings.secret_key
    return SealingFile(raw, piece.encode("utf-8")) if piece else nullcontext(raw)


def _write(app: "App", file: tarfile.TarFile) -> Backup:
    with app.store.unit_of_work() as lock:
        lock.versions.lock()
        with app.store.read() as uow:
            n_rows = {}
            connection = uow.session.connection()
            for table in tables():
                n_rows[table.name] = _add_table(file, connection, table)
            version = uow.versions.latest().number
            app.audit_anchor.write(uow.audit)
        n_lake = _add_folder(file, app.settings.lake, "lake")
        _add_folder(file, app.settings.home / "recall", "recall")
        for name in KEY_FILES:
            if (kept := app.settings.home / name).exists():
                file.add(kept, name)
    made = Backup(made_at=app.clock.now(), revision=HEAD, data_version=version, n_rows=n_rows, n_lake_files=n_lake)
    if app.settings.secret_key:
        named = key_id(app.settings.secret_key.encode("utf-8"))
        made = made.model_copy(update={"label": SEALED_LABEL, "is_encrypted": True, "key_id": named})
    _add_bytes(file, "manifest.json", json.dumps(made.model_dump(mode="json"), indent=2).encode())
    return made


def _add_table(file: tarfile.TarFile, connection: Any, table: Any) -> int:
    n_rows = 0
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as spooled:
        for line in lines(connection, table):
            spooled.write(line)
            n_rows += 1
        entry = tarfile.TarInfo(f"store/{table.name}.jsonl")
        entry.size, entry.mode = spooled.tell(), 0o600
        spooled.seek(0)
        file.addfile(entry, spooled)
    return n_rows


def _add_folder(file: tarfile.TarFile, folder: Path, name: str) -> int:
    n_files = 0
    for each in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if not each.is_file() or each.name.endswith((".sqlite3-wal", ".sqlite3-shm", ".new")):
            continue
        inside = f"{name}/{each.relative_to(folder).as_posix()}"
        if each.suffix == ".sqlite3":
            _add_bytes(file, inside, _sqlite_copy(each))
        else:
            file.add(each, inside)
        n_files += 1
    return n_files


def _sqlite_copy(path: Path) -> bytes:
    """Give one consistent moment of a database that another process may be writing."""
    with sqlite3.connect(path) as source, sqlite3.connect(":memory:") as copy:
        source.backup(copy)
        content: bytes = copy.serialize()
    return content


def _add_bytes(file: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    file.addfile(entry, io.BytesIO(content))
