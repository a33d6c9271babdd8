"""A bundle: a session as a signed folder, with the inputs of its decisions where its plan went live."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from memory.store.sessions import StoredSession

from .chain import SessionTampered
from .decisions import DECIDED, FRAMES, INPUTS, MAX_DECISION_BYTES, DecisionInputs, parse_decisions
from .export import CASSETTE, LIMITS, SESSION, export_session, parse_session, read_file, unreadable
from .signing import check_signature, fingerprint_of, parse_signature, sign

SIGNATURE = "signature.json"
MAX_SIGNATURE_BYTES = 100_000
DECISION_FILES = (FRAMES, INPUTS, DECIDED)


@dataclass(frozen=True)
class Bundle:
    """A session that may be replayed."""

    stored: StoredSession
    """The session."""
    decisions: DecisionInputs | None = None
    """The inputs of its decisions; none where its plan decided nothing, or nothing was kept."""
    signer: str = ""
    """Fingerprint of who signed the folder; empty where it comes from the own store."""


def write_bundle(bundle: Bundle, folder: Path, key: bytes) -> None:
    """Write the bundle's files into `folder`, which is made, signed by the installation that holds `key`.

    Files of an earlier bundle of the same name are replaced or removed; nothing else is touched.
    """
    export_session(bundle.stored, folder)
    for name, content in (bundle.decisions.files() if bundle.decisions else {}).items():
        (folder / name).write_bytes(content)
    if bundle.decisions is None:
        for name in DECISION_FILES:
            (folder / name).unlink(missing_ok=True)
    sign_folder(folder, key)


def sign_folder(folder: Path, key: bytes) -> None:
    """Sign a folder that holds a session as it is; what was recorded stays untouched."""
    files = _files(folder)
    name = parse_session(folder.name, files[SESSION], files[CASSETTE], None).head.id
    (folder / SIGNATURE).write_bytes(sign(key, name, files))


def read_bundle(folder: Path, key: bytes | None = None, trusted: Iterable[str] = ()) -> Bundle:
    """Read a bundle; raise `SessionTampered` where one byte was changed, `UnknownSigner` for a stranger's.

    `trusted` are fingerprints; the installation that holds `key` trusts itself, and its own seal has to fit as well.
    """
    own = fingerprint_of(key) if key is not None else ""
    try:
        files = _files(folder)
        found = parse_signature(folder.name, read_file(folder / SIGNATURE, MAX_SIGNATURE_BYTES))
    except (OSError, ValueError) as error:
        raise unreadable(folder.name, error) from None
    check_signature(found, files, {*trusted, own} - {""})
    is_own = found.fingerprint == own
    stored = parse_session(folder.name, files[SESSION], files[CASSETTE], key if is_own else None)
    if stored.head.id != found.session_id:
        raise SessionTampered(session_id=folder.name, why="its signature names another session")
    decisions = parse_decisions(folder.name, files) if FRAMES in files else None
    return Bundle(stored, decisions, found.fingerprint)


def is_bundle(folder: Path) -> bool:
    """Say whether the folder claims to hold one session."""
    return (folder / SESSION).is_file()


def _files(folder: Path) -> dict[str, bytes]:
    files = {name: read_file(folder / name, limit) for name, limit in LIMITS.items()}
    if any((folder / name).exists() or (folder / name).is_symlink() for name in DECISION_FILES):
        files |= {name: read_file(folder / name, MAX_DECISION_BYTES) for name in DECISION_FILES}
    return files
