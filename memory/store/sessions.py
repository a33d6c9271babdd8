"""Recorded sessions: the head, the chained entries, and the model's traffic, one transaction at a time."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field, SQLModel, select
from sqlmodel import Session as Transaction

from memory.domain.base import Frozen
from memory.domain.errors import Conflict, NotFound
from memory.domain.session import Session, SessionEvent


class StoredSession(Frozen):
    """A session with everything needed to verify and replay it."""

    head: Session
    """What it was and how it ended."""
    events: tuple[SessionEvent, ...]
    """Its chain, from entry 0."""
    cassette: str
    """The model's traffic in vcrpy's YAML; empty where no model was called."""
    seal: str
    """Keyed hash over all of the above."""


class SessionRow(SQLModel, table=True):
    """The head of a session."""

    __tablename__ = "session"

    id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    kind: str
    started_at: str = Field(index=True)  # ISO 8601 in UTC, so that hashes do not depend on a database's clock type
    status: str
    head: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    cassette: str = Field(default="", sa_column=Column(Text, nullable=False))
    seal: str = ""


class SessionEventRow(SQLModel, table=True):
    """One entry of a session's chain."""

    __tablename__ = "session_event"

    session_id: str = Field(primary_key=True, foreign_key="session.id")
    seq: int = Field(primary_key=True)
    entry: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Sessions:
    """Reads and writes recorded sessions."""

    def __init__(self, transaction: Transaction) -> None:
        """Work on one transaction."""
        self._transaction = transaction

    def save(self, stored: StoredSession) -> None:
        """Write the head, the cassette, the seal and the entries that are not stored yet.

        Raise `Conflict` where stored entries are not a prefix of the given ones: a chain only grows.
        """
        head = stored.head
        row = self._transaction.get(SessionRow, head.id) or SessionRow(
            id=head.id,
            shop_id=head.shop_id,
            kind=head.kind,
            started_at=head.started_at.isoformat(),
            status=head.status,
            head={},
        )
        row.status, row.head = head.status, head.model_dump(mode="json")
        row.cassette, row.seal = stored.cassette, stored.seal
        self._transaction.add(row)
        self._transaction.flush()
        self._append(head.id, stored.events)

    def get(self, session_id: str) -> StoredSession:
        """Give one session with its chain; raise `NotFound`. Callers verify it before they trust it."""
        row = self._transaction.get(SessionRow, session_id)
        if row is None:
            raise NotFound(kind="session", id=session_id)
        events = tuple(SessionEvent.model_validate(entry.entry) for entry in self._entries(session_id))
        return StoredSession(head=Session.model_validate(row.head), events=events, cassette=row.cassette, seal=row.seal)

    def all(self, shop_ids: Iterable[str], limit: int = 200) -> tuple[Session, ...]:
        """Give the heads of these shops' sessions, newest first."""
        rows = self._transaction.exec(
            select(SessionRow)
            .where(SessionRow.shop_id.in_(sorted(shop_ids)))  # type: ignore[attr-defined]
            .order_by(SessionRow.started_at.desc(), SessionRow.id)  # type: ignore[attr-defined]
            .limit(limit)
        )
        return tuple(Session.model_validate(row.head) for row in rows)

    def _entries(self, session_id: str) -> list[SessionEventRow]:
        found = select(SessionEventRow).where(SessionEventRow.session_id == session_id)
        return list(self._transaction.exec(found.order_by(SessionEventRow.seq)))  # type: ignore[arg-type]

    def _append(self, session_id: str, events: tuple[SessionEvent, ...]) -> None:
        known = self._entries(session_id)
        if [row.entry["entry_hash"] for row in known] != [event.entry_hash for event in events[: len(known)]]:
            raise Conflict(what=f"session {session_id}", why="its stored entries differ from the ones to be added")
        for event in events[len(known) :]:
            self._transaction.add(
                SessionEventRow(session_id=session_id, seq=event.seq, entry=event.model_dump(mode="json"))
            )
        self._transaction.flush()
