"""A session as a folder: `session.json` in canonical JSON and `cassette.yaml`. Loading fails closed."""

import json
from pathlib import Path

from pydantic import ValidationError

from memory.domain.canonical import canonical_json
from memory.store.sessions import StoredSession

from .cassette import MAX_CASSETTE_CHARS
from .chain import SessionTampered
from .verify import verify

SESSION, CASSETTE = "session.json", "cassette.yaml"
MAX_SESSION_CHARS = 50_000_000


def export_session(stored: StoredSession, folder: Path) -> None:
    """Write the session into `folder`, which is made; nothing but its two files is touched."""
    folder.mkdir(parents=True, exist_ok=True)
    body = stored.model_dump(mode="json", exclude={"cassette"})
    (folder / SESSION).write_bytes(canonical_json(body) + b"\n")
    (folder / CASSETTE).write_bytes(stored.cassette.encode())


def import_session(folder: Path, key: bytes | None) -> StoredSession:
    """Read a session back; raise `SessionTampered` where a single byte was changed.

    With a key the seal has to be this installation's. Without one the session is only checked against itself.
    """
    name = folder.name
    try:
        text = _read(folder / SESSION, MAX_SESSION_CHARS)
        cassette = _read(folder / CASSETTE, MAX_CASSETTE_CHARS)
        body = json.loads(text)
        if canonical_json(body) + b"\n" != text.encode():
            raise SessionTampered(session_id=name, why="its file is not in canonical form")
        stored = StoredSession.model_validate({**body, "cassette": cassette})
        if canonical_json(stored.model_dump(mode="json", exclude={"cassette"})) + b"\n" != text.encode():
            raise SessionTampered(session_id=name, why="its values are not in canonical form")
    except (OSError, ValidationError, ValueError, TypeError, RecursionError) as error:
        raise SessionTampered(session_id=name, why=f"it cannot be read ({type(error).__name__})") from None
    verify(key, stored)
    return stored


def _read(file: Path, limit: int) -> str:
    if file.is_symlink() or file.stat().st_size > limit:
        raise ValueError("not a plain file of a sensible size")
    return file.read_bytes().decode("utf-8")
