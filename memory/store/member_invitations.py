"""Invitations to become a member: after which order one was shown or sent; once per order."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel


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

    def has(self, shop_id: str, order_fact_id: str) -> bool:
        """Say whether the buyer of an order was invited after it."""
        return self._session.get(MemberInvitationRow, (shop_id, order_fact_id), populate_existing=True) is not None

    def add(self, shop_id: str, order_fact_id: str, person_id: str, at: datetime) -> None:
        """Keep that the buyer of an order was invited after it."""
        row = MemberInvitationRow(shop_id=shop_id, order_fact_id=order_fact_id, person_id=person_id, shown_at=at)
        self._session.add(row)
        self._session.flush()
