"""Chat threads: what was said and where the draft stands, as plain JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, func
from sqlmodel import Field, Session, SQLModel, select

from memory.domain.base import Frozen, Instant
from memory.domain.errors import NotFound

from .contacts import ContactRow


class ChatThread(Frozen):
    """One thread between a marketer and the assistant."""

    id: str
    """Its id."""
    shop_id: str
    """Which shop."""
    principal: str
    """Whose thread."""
    session_id: str
    """The session that records it."""
    state: dict[str, Any]
    """Briefs, plans and language as plain JSON; known identifiers are replaced before it is stored."""
    updated_at: Instant
    """When the last turn ended."""


class ChatRow(SQLModel, table=True):
    """The row of a thread."""

    __tablename__ = "chat"

    id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    principal: str
    session_id: str
    state: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    updated_at: str  # ISO 8601 in UTC


class Chats:
    """Reads and writes chat threads."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, thread: ChatThread) -> None:
        """Add the thread or replace its state."""
        row = self._session.get(ChatRow, thread.id) or ChatRow(
            id=thread.id,
            shop_id=thread.shop_id,
            principal=thread.principal,
            session_id=thread.session_id,
            state={},
            updated_at="",
        )
        row.state, row.updated_at = thread.state, thread.updated_at.isoformat()
        self._session.add(row)
        self._session.flush()

    def find(self, chat_id: str) -> ChatThread | None:
        """Give the thread of that id, or none."""
        row = self._session.get(ChatRow, chat_id)
        return _thread(row) if row else None

    def get(self, chat_id: str) -> ChatThread:
        """Give the thread of that id; raise `NotFound`."""
        thread = self.find(chat_id)
        if thread is None:
            raise NotFound(kind="chat", id=chat_id)
        return thread

    def of(self, shop_id: str, principal: str, limit: int = 50) -> tuple[ChatThread, ...]:
        """Give a principal's own threads in a shop, last used first."""
        rows = self._session.exec(
            select(ChatRow)
            .where(ChatRow.shop_id == shop_id, ChatRow.principal == principal)
            .order_by(ChatRow.updated_at.desc(), ChatRow.id)  # type: ignore[attr-defined]
            .limit(limit)
        )
        return tuple(_thread(row) for row in rows)

    def all(self, shop_id: str, limit: int = 200) -> tuple[ChatThread, ...]:
        """Give a shop's threads, last used first."""
        rows = self._session.exec(
            select(ChatRow)
            .where(ChatRow.shop_id == shop_id)
            .order_by(ChatRow.updated_at.desc(), ChatRow.id)  # type: ignore[attr-defined]
            .limit(limit)
        )
        return tuple(_thread(row) for row in rows)

    def names_among(self, shop_id: str, candidates: Iterable[str]) -> set[str]:
        """Give those candidates that are a contact's given, family or full name in the shop, as they were written."""
        written = {name.lower(): name for name in candidates}
        if not written:
            return set()
        first, last = func.lower(ContactRow.first_name), func.lower(ContactRow.last_name)
        forms: tuple[Any, ...] = (first, last, first + " " + last, last + " " + first, last + first)
        found: set[str] = set()
        for form in forms:
            query = select(form).where(ContactRow.shop_id == shop_id, form.in_(sorted(written))).distinct()
            found.update(written[name] for name in self._session.exec(query))
        return found


def _thread(row: ChatRow) -> ChatThread:
    return ChatThread(
        id=row.id,
        shop_id=row.shop_id,
        principal=row.principal,
        session_id=row.session_id,
        state=row.state,
        updated_at=datetime.fromisoformat(row.updated_at),
    )
