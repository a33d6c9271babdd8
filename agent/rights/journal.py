"""The erasure journal: pseudonyms and keyed hashes of who was erased, kept apart from the store and its backups.

A backup that is older than an erasure brings the person back; the journal is what takes them out again. Keep it on
another disk than the backups (`SECONDORDER_ERASURE_JOURNAL`). Each line is signed: a forged one erases nobody.
"""

import hmac
import json
import os
from pathlib import Path

from memory.domain.base import Frozen, Instant
from memory.domain.canonical import canonical_json, keyed_hash
from memory.domain.errors import SecondOrderError


class JournalBroken(SecondOrderError):
    """Line {line} of the erasure journal is damaged or forged; restore the journal from its own copy."""

    http_status = 409


class JournalEntry(Frozen):
    """One erasure. Holds no personal data: every id is a keyed hash."""

    at: Instant
    """When."""
    subjects: tuple[str, ...]
    """Pseudonyms of all of the person's records."""
    shops: tuple[str, ...]
    """Shops that held something."""
    addresses: tuple[tuple[str, str, str], ...]
    """(shop id, channel, address key) that stay suppressed."""
    reason: str
    """Why, in the words of whoever did it; no personal data."""


class ErasureJournal:
    """Appends to and reads the journal."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Keep it in `path`, signed with `key`."""
        self.path = path
        self._key = key

    def append(self, entry: JournalEntry) -> None:
        """Add an erasure and wait until it is on the disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"entry": entry.model_dump(mode="json"), "mark": self._mark(entry)})
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def entries(self) -> tuple[JournalEntry, ...]:
        """Give every erasure, oldest first; raise `JournalBroken` naming the first line that is not ours."""
        if not self.path.exists():
            return ()
        found = []
        for number, line in enumerate(self.path.read_text(encoding="ascii", errors="replace").splitlines(), 1):
            try:
                raw = json.loads(line)
                entry = JournalEntry.model_validate(raw["entry"])
                is_ours = hmac.compare_digest(str(raw["mark"]), self._mark(entry))
            except (ValueError, KeyError, TypeError):
                is_ours = False
            if not is_ours:
                raise JournalBroken(line=number)
            found.append(entry)
        return tuple(found)

    def _mark(self, entry: JournalEntry) -> str:
        return keyed_hash(self._key, "erasure", canonical_json(entry).decode())
