"""The share ledger: one row per shop holds what all plans of the same days take of the marketing budget.

An approval reserves here before it counts. The database refuses a row that would be overdrawn, so two approvals at
once cannot take the same money.
"""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Column, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, delete, select

from .plans import PlanRow

ENDED = ("draft", "refused", "finished", "rejected", "stopped")
"""A plan that stands at one of these takes nothing of the share."""


class ShareRow(SQLModel, table=True):
    """The row of one shop."""

    __tablename__ = "share_ledger"
    __table_args__ = (
        CheckConstraint("reserved_minor >= 0 AND reserved_minor <= limit_minor", name="share_not_overdrawn"),
    )

    shop_id: str = Field(primary_key=True)
    limit_minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    reserved_minor: int = Field(sa_column=Column(BigInteger, nullable=False))


class ReservationRow(SQLModel, table=True):
    """What one plan takes; a plan is charged once."""

    __tablename__ = "share_reservation"

    plan_id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    starts_on: date
    ends_on: date
    amount_minor: int = Field(sa_column=Column(BigInteger, nullable=False))


class ShareLedger:
    """Reserves and releases money of the share."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def reserve(
        self, shop_id: str, plan_id: str, amount_minor: int, limit_minor: int, starts_on: date, ends_on: date
    ) -> bool:
        """Take a plan's money out of what its days leave; false, and nothing taken, where less is left.

        Plans whose days overlap count together; a plan that has its money keeps it and is not charged again.
        """
        row = self._locked(shop_id)
        if self._session.get(ReservationRow, plan_id) is not None:
            return True
        taken = self.overlapping(shop_id, starts_on, ends_on, plan_id)
        if amount_minor < 0 or not taken + amount_minor <= max(limit_minor, 0):
            return False
        row.limit_minor, row.reserved_minor = limit_minor, taken + amount_minor
        self._session.add(row)
        self._session.add(
            ReservationRow(
                plan_id=plan_id, shop_id=shop_id, starts_on=starts_on, ends_on=ends_on, amount_minor=amount_minor
            )
        )
        self._session.flush()
        return True

    def release(self, plan_id: str) -> None:
        """Give a plan's money back: it was stopped, or its approval became void."""
        self._session.connection().execute(delete(ReservationRow).where(col(ReservationRow.plan_id) == plan_id))

    def overlapping(self, shop_id: str, starts_on: date, ends_on: date, but: str = "") -> int:
        """Give what plans with a day in common have reserved, one left out; what ended early counts no more."""
        ended = select(PlanRow.id).where(col(PlanRow.status).in_(ENDED))
        query = select(func.coalesce(func.sum(ReservationRow.amount_minor), 0)).where(
            col(ReservationRow.shop_id) == shop_id,
            col(ReservationRow.starts_on) <= ends_on,
            col(ReservationRow.ends_on) >= starts_on,
            col(ReservationRow.plan_id) != but,
            col(ReservationRow.plan_id).not_in(ended),
        )
        return int(self._session.connection().execute(query).scalar_one())

    def _locked(self, shop_id: str) -> ShareRow:
        """Give the shop's row, held until this transaction ends; it is made where it is missing."""
        connection = self._session.connection()
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        fresh = insert(ShareRow).values(shop_id=shop_id, limit_minor=0, reserved_minor=0)
        connection.execute(fresh.on_conflict_do_nothing())
        return self._session.get_one(ShareRow, shop_id, with_for_update=True, populate_existing=True)
