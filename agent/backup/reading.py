"""Restoring a backup into an empty installation, and erasing anew whoever was erased since it was made."""

import gzip
import json
import shutil
import tarfile
import tempfile
import zlib
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from agent.rights.erasing import reapply
from memory.domain.base import Count, Frozen
from memory.domain.errors import SecondOrderError
from memory.store.migrations import HEAD

from .rows import insert_lines, tables
from .sealed import UnsealingFile, WrongKey, is_sealed
from .writing import KEY_FILES, Backup

if TYPE_CHECKING:
    from agent.assembly import App

FOLDERS = ("lake", "recall")


class UnusableBackup(SecondOrderError):
    """{path} cannot be restored: {why}. {remedy}"""  # noqa: D400

    http_status = 422


class Restored(Frozen):
    """What was restored."""

    backup: Backup
    """What the file says of itself."""
    n_rows: Count
    """Rows that were inserted."""
    has_journal: bool
    """Whether an erasure journal was there; without one, whoever was erased since the backup is back."""
    n_erased_again: Count
    """Erasures of the journal that were applied once more."""


def restore(app: "App", path: Path) -> Restored:
    """Fill an empty installation from a backup; raise `UnusableBackup` where anything is in the way.

    The erasure journal stands where the settings say, beside the backup's content, and is applied at the end.
    """
    app.settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=app.settings.home) as name:
        folder = Path(name)
        made = _unpack(app, path, folder)
        _check_place(app, path, folder)
        n_rows = _fill(app, path, folder)
        for each, target in (("lake", app.settings.lake), ("recall", app.settings.home / "recall")):
            if (folder / each).is_dir():
                _move(folder / each, target)
        for each in KEY_FILES:
            if (kept := folder / each).exists():
                kept.chmod(0o600)
                _move(kept, app.settings.home / each)
    has_journal = app.settings.erasure_journal.exists()
    return Restored(backup=made, n_rows=n_rows, has_journal=has_journal, n_erased_again=reapply(app))


def _unpack(app: "App", path: Path, folder: Path) -> Backup:
    pieces = (app.settings.secret_key, app.settings.secret_key_before)
    ring = [piece.encode("utf-8") for piece in pieces if piece]
    try:
        with (
            path.open("rb") as raw,
            UnsealingFile(raw, ring) if is_sealed(raw) else nullcontext(raw) as outer,
            gzip.open(outer, "rb") as packed,
            tarfile.open(fileobj=packed, mode="r|") as file,
        ):
            file.extractall(folder, filter="data")
            while packed.read(1 << 20):  # to the end: a cut or changed file is noticed there
                pass
        made = Backup.model_validate(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except WrongKey as error:
        have = "another key is set" if ring else "no key is set"
        why = f"it is encrypted with the key {error} and {have}"
        remedy = "Set SECONDORDER_SECRET_KEY to the key it was written with"
        raise UnusableBackup(path=path, why=why, remedy=remedy) from None
    except (OSError, tarfile.TarError, EOFError, zlib.error, ValueError, ValidationError) as error:
        why = f"it is no whole backup ({type(error).__name__})"
        raise UnusableBackup(path=path, why=why, remedy="Use another copy") from None
    if made.revision != HEAD:
        remedy = "Restore it with the version that wrote it, then update"
        raise UnusableBackup(path=path, why=f"its tables are of revision {made.revision}, not {HEAD}", remedy=remedy)
    return made


def _check_place(app: "App", path: Path, folder: Path) -> None:
    """Restoring over something would mix two installations."""
    key, taken = app.settings.home / "secret.key", [app.settings.lake, app.settings.home / "recall"]
    if key.exists() and key.read_bytes() != (folder / "secret.key").read_bytes():
        raise UnusableBackup(path=path, why="the home holds another key", remedy="Restore into an empty home")
    if any(place.exists() and any(place.iterdir()) for place in taken):
        raise UnusableBackup(path=path, why="the home holds facts already", remedy="Restore into an empty home")
    with app.store.read() as uow:
        if uow.shops.all() or uow.principals.all():
            raise UnusableBackup(path=path, why="the database holds shops already", remedy="Name an empty database")


def _fill(app: "App", path: Path, folder: Path) -> int:
    n_rows = 0
    with app.store.unit_of_work(durable=True) as uow:
        connection = uow.session.connection()
        for table in tables():
            source = folder / "store" / f"{table.name}.jsonl"
            if not source.exists():
                raise UnusableBackup(path=path, why=f"table {table.name} is missing", remedy="Use another copy")
            with source.open("rb") as rows:
                n_rows += insert_lines(connection, table, iter(rows))
    return n_rows


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        target.rmdir()  # it is empty
    shutil.move(source, target)
