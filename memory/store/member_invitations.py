"""Invitations to become a member: after which order one was shown or sent; once per order."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, select

from .instants import from_micros
from .outbox import OutboxRow

INVITATION = "member_invitation"
"""The kind of message that invites."""


class MemberInvitationRow(SQLModel, table=True):
    """The row of one order after which its buyer was invited."""

    __tablename__ = "member_invitation"

    shop_id: str = Field(primary_key=True)
    order_fact_id: str = Field(primary_key=True)
    person_id: str = Field(index=True)
    shown_at: datetime


class MemberInvitations:
    """Reads and writes after which orders people were invited."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def last_at(self, shop_id: str, subject_ids: Iterable[str]) -> datetime | None:
        """Give when any of these pseudonyms was last invited; none where nobody was."""
        row: Any = MemberInvitationRow
        mine = (row.shop_id == shop_id, row.person_id.in_(sorted(subject_ids)))
        query = select(row.shown_at).where(*mine).order_by(row.shown_at.desc()).limit(1)
        found: datetime | None = self._session.exec(query).first()
        return found

    def mailed_at(
        self, shop_id: str, subject_ids: Iterable[str], but: str = "", kind: str = INVITATION
    ) -> datetime | None:
        """Give when an invitation last left, or may have left, to any of these pseudonyms; `but` is left out."""
        row: Any = OutboxRow
        mine = (row.shop_id == shop_id, row.person_id.in_(sorted(subject_ids)), row.message_kind == kind)
        gone = row.state.in_(("claimed", "sent", "unknown"))
        query = select(row.claimed_at).where(*mine, gone, row.send_key != but).order_by(row.claimed_at.desc()).limit(1)
        found: int | None = self._session.exec(query).first()
        return from_micros(found) if found else None

    def add(self, shop_id: str, order_fact_id: str, person_id: str, at: datetime) -> bool:
        """Keep that the buyer of an order was invited after it; false where that was kept before, also a moment ago."""
        connection = self._session.connection()
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        row = {"shop_id": shop_id, "order_fact_id": order_fact_id, "person_id": person_id, "shown_at": at}
        statement = insert(MemberInvitationRow).values(row).on_conflict_do_nothing()
        made = connection.execute(statement.returning(MemberInvitationRow.__table__.c.order_fact_id))  # type: ignore[attr-defined]
        return made.first() is not None
