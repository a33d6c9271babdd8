"""The audit log: who did what, chained by hashes, with its head kept outside the database as well."""

import fcntl
import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, text
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.base import Frozen, Instant
from memory.domain.canonical import content_hash, keyed_hash
from memory.domain.errors import SecondOrderError

from .numbers import BIG

LOCK_ID = 7_220_001  # PostgreSQL advisory lock: appends queue behind each other
BATCH = 1_000


class AuditBroken(SecondOrderError):
    """The audit log was changed at entry {seq}: {why}. Compare with a backup before anything else is sent."""


class AuditEntry(Frozen):
    """One thing somebody did."""

    seq: int
    """Position, from 1."""
    actor: str
    """The principal's id."""
    action: str
    """What was done, such as `approval.decide`."""
    subject: str
    """What it was done to, such as `plan:ab12`."""
    at: Instant
    """When."""
    detail: dict[str, Any]
    """More of it as plain JSON; no personal data."""
    previous_hash: str
    """Hash of the entry before; empty for the first."""
    entry_hash: str
    """Hash over everything above."""


class AuditRow(SQLModel, table=True):
    """The row of an audit entry."""

    __tablename__ = "audit_entry"

    seq: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    actor: str = Field(index=True)
    action: str
    subject: str = Field(index=True)
    at: datetime
    detail: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    previous_hash: str
    entry_hash: str


class AuditLog:
    """Appends to and checks the log."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session
        self.last_appended: AuditEntry | None = None
        """The last entry this transaction appended."""

    def append(
        self, actor: str, action: str, subject: str, at: datetime, detail: dict[str, Any] | None = None
    ) -> AuditEntry:
        """Add an entry behind the last one; writers queue, so the chain never forks.

        Control characters of the names are written as escapes, so that no reader takes one entry for two.
        """
        self._queue()
        last = self.head()
        body: dict[str, Any] = {
            "seq": last.seq + 1 if last else 1,
            "actor": one_line(actor),
            "action": one_line(action),
            "subject": one_line(subject),
            "at": at,
            "detail": detail or {},
            "previous_hash": last.entry_hash if last else "",
        }
        row = AuditRow(**body, entry_hash=_entry_hash(body))
        self._session.add(row)
        self._session.flush()
        self.last_appended = _entry(row)
        return self.last_appended

    def head(self) -> AuditEntry | None:
        """Give the last entry, or none."""
        row = self._session.exec(select(AuditRow).order_by(AuditRow.seq.desc()).limit(1)).first()  # type: ignore[attr-defined]
        return _entry(row) if row else None

    def entries(self, after: int = 0, limit: int = BATCH) -> list[AuditEntry]:
        """Give up to `limit` entries behind position `after`, oldest first."""
        query = select(AuditRow).where(AuditRow.seq > after).order_by(AuditRow.seq).limit(limit)  # type: ignore[arg-type]
        return [_entry(row) for row in self._session.exec(query)]

    def latest(self, before: int = 0, limit: int = BATCH, actor: str = "", action: str = "") -> list[AuditEntry]:
        """Give up to `limit` entries before position `before` (0: from the end), newest first.

        Only those of `actor`, and whose action begins with `action`, where these are given.
        """
        query = select(AuditRow).order_by(AuditRow.seq.desc()).limit(limit)  # type: ignore[attr-defined]
        if before:
            query = query.where(AuditRow.seq < before)
        if actor:
            query = query.where(AuditRow.actor == actor)
        if action:
            query = query.where(col(AuditRow.action).startswith(action, autoescape=True))
        return [_entry(row) for row in self._session.exec(query)]

    def about(self, subjects: Sequence[str], since: datetime, until: datetime) -> list[AuditEntry]:
        """Give what was done to some subjects from `since` to before `until`, oldest first."""
        query = select(AuditRow).where(col(AuditRow.subject).in_(subjects), col(AuditRow.at) >= since)
        rows = self._session.exec(query.where(col(AuditRow.at) < until).order_by(col(AuditRow.seq)))
        return [_entry(row) for row in rows]

    def verify(self) -> int:
        """Give how many entries the log holds; raise `AuditBroken` at the first that does not fit the chain."""
        n_entries, previous = 0, ""
        while batch := self.entries(after=n_entries):
            for entry in batch:
                _check(entry, n_entries + 1, previous)
                n_entries, previous = entry.seq, entry.entry_hash
        return n_entries

    def _queue(self) -> None:
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.connection().execute(text(f"SELECT pg_advisory_xact_lock({LOCK_ID})"))


class AuditAnchor:
    """A small signed file that remembers how long the log was: a cut tail or a rebuilt chain shows."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Keep the anchor in `path`, signed with `key`."""
        self._path = path
        self._key = key

    def write(self, log: AuditLog) -> None:
        """Remember the present head, unless a later one is remembered already."""
        head = log.head()
        if head is not None:
            self.note(head)

    def note(self, head: AuditEntry) -> None:
        """Remember a committed entry as the head, unless a later one is remembered; processes queue at a lock file."""
        with self._locked():
            kept = self._read()
            if kept is not None and kept[0] >= head.seq:
                return
            mark = keyed_hash(self._key, "audit", str(head.seq), head.entry_hash)
            fresh = self._path.with_suffix(".new")
            fresh.write_text(f"{head.seq} {head.entry_hash} {mark}\n", encoding="ascii")
            fresh.replace(self._path)

    def verify(self, log: AuditLog) -> int:
        """Check the whole log and that it still holds the remembered head; raise `AuditBroken`.

        A log with entries and no anchor file is broken too: else deleting the file would hide a cut.
        """
        n_entries = log.verify()
        kept = self._read()
        if kept is None and n_entries:
            raise AuditBroken(seq=n_entries, why="the anchor file is gone")
        if kept is None:
            return n_entries
        seq, entry_hash = kept
        found = log.entries(after=seq - 1, limit=1)
        if not found or found[0].seq != seq:
            raise AuditBroken(seq=n_entries + 1, why=f"the log was {seq} entries long and is cut")
        if found[0].entry_hash != entry_hash:
            raise AuditBroken(seq=seq, why="the chain was rebuilt; it no longer ends as it was anchored")
        return n_entries

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self) -> tuple[int, str] | None:
        if not self._path.exists():
            return None
        parts = self._path.read_text(encoding="ascii", errors="replace").split()
        wanted = keyed_hash(self._key, "audit", *parts[:2])
        if len(parts) != 3 or not hmac.compare_digest(parts[2].encode(), wanted.encode()):
            raise AuditBroken(seq=0, why="the anchor file is damaged or forged")
        return int(parts[0]), parts[1]


def one_line(text: str) -> str:
    """Give the text with line breaks and other control characters written as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _entry_hash(body: dict[str, Any]) -> str:
    at = body["at"].astimezone(UTC)  # the store keeps UTC: the zone of the writer must not change the hash
    return content_hash({**body, "at": at.isoformat()})


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        seq=row.seq,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        at=row.at,
        detail=row.detail,
        previous_hash=row.previous_hash,
        entry_hash=row.entry_hash,
    )


def _check(entry: AuditEntry, seq: int, previous: str) -> None:
    if entry.seq != seq:
        raise AuditBroken(seq=seq, why="an entry is missing or out of order")
    if entry.previous_hash != previous:
        raise AuditBroken(seq=seq, why="it does not follow the entry before")
    body = entry.model_dump(exclude={"entry_hash"})
    if _entry_hash(body) != entry.entry_hash:
        raise AuditBroken(seq=seq, why="its content was edited")
