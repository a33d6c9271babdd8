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
LIMITS = {SESSION: MAX_SESSION_CHARS, CASSETTE: MAX_CASSETTE_CHARS}
"""Files of a session, in their order, and the most bytes each may have."""


def export_session(stored: StoredSession, folder: Path) -> None:
    """Write the session into `folder`, which is made; nothing but its two files is touched."""
    folder.mkdir(parents=True, exist_ok=True)
    body = stored.model_dump(mode="json", exclude={"cassette"})
    (folder / SESSION).write_bytes(canonical_json(body) + b"\n")
    (folder / CASSETTE).write_bytes(stored.cassette.encode())


def parse_session(name: str, session: bytes, cassette: bytes, key: bytes | None) -> StoredSession:
    """Give the session in the bytes of its two files; raise `SessionTampered`, which calls it `name`.

    With a key the seal has to be this installation's. Without one the session is only checked against itself.
    """
    try:
        text = session.decode("utf-8")
        body = json.loads(text)
        if canonical_json(body) + b"\n" != session:
            raise SessionTampered(session_id=name, why="its file is not in canonical form")
        stored = StoredSession.model_validate({**body, "cassette": cassette.decode("utf-8")})
        if canonical_json(stored.model_dump(mode="json", exclude={"cassette"})) + b"\n" != session:
            raise SessionTampered(session_id=name, why="its values are not in canonical form")
    except (ValidationError, ValueError, TypeError, RecursionError) as error:
        raise unreadable(name, error) from None
    verify(key, stored)
    return stored


def unreadable(name: str, error: Exception) -> SessionTampered:
    """Give the refusal of a session whose files cannot be read."""
    return SessionTampered(session_id=name, why=f"it cannot be read ({type(error).__name__})")


def read_file(file: Path, limit: int) -> bytes:
    """Give a plain file's bytes; raise `OSError` or `ValueError` for links and for more than `limit` bytes."""
    if file.is_symlink() or file.stat().st_size > limit:
        raise ValueError("not a plain file of a sensible size")
    return file.read_bytes()
