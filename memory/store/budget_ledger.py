"""The budget ledger: one row per plan; a claim reserves its cost before anything leaves."""

from typing import Any, cast

from sqlalchemy import BigInteger, CheckConstraint, Column, CursorResult
from sqlmodel import Field, Session, SQLModel, col, update

from memory.domain.money import Money


class BudgetRow(SQLModel, table=True):
    """The row of a plan's money, in thousandths of a minor unit."""

    __tablename__ = "budget_ledger"
    __table_args__ = (CheckConstraint("reserved_millis <= total_millis", name="budget_not_overdrawn"),)

    plan_id: str = Field(primary_key=True)
    shop_id: str
    currency: str
    total_millis: int = Field(sa_column=Column(BigInteger, nullable=False))
    reserved_millis: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))


class BudgetLedger:
    """Reserves and releases money."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def open(self, plan_id: str, shop_id: str, total: Money) -> None:
        """Give a plan its budget; a plan that has one keeps it."""
        if self._session.get(BudgetRow, plan_id) is None:
            self._session.add(
                BudgetRow(
                    plan_id=plan_id, shop_id=shop_id, currency=total.currency, total_millis=1000 * total.amount_minor
                )
            )
            self._session.flush()

    def remaining_millis(self, plan_id: str, *, lock: bool = False) -> int:
        """Give what is left, in thousandths of a minor unit; 0 for a plan without a budget.

        `lock` keeps other claims of the plan waiting until this transaction ends.
        """
        row = self._session.get(BudgetRow, plan_id, with_for_update=lock, populate_existing=True)
        return row.total_millis - row.reserved_millis if row else 0

    def reserved_millis(self, plan_id: str) -> int:
        """Give what a plan's messages have taken, in thousandths of a minor unit."""
        row = self._session.get(BudgetRow, plan_id, populate_existing=True)
        return row.reserved_millis if row else 0

    def reserve(self, plan_id: str, millis: int) -> bool:
        """Take `millis` out of what is left; false, and nothing taken, where less is left."""
        statement = (
            update(BudgetRow)
            .where(
                col(BudgetRow.plan_id) == plan_id,
                col(BudgetRow.reserved_millis) + millis <= col(BudgetRow.total_millis),
            )
            .values(reserved_millis=col(BudgetRow.reserved_millis) + millis)
        )
        return cast(CursorResult[Any], self._session.connection().execute(statement)).rowcount == 1

    def release(self, plan_id: str, millis: int) -> None:
        """Give back what a message that certainly did not leave had reserved."""
        self._session.connection().execute(
            update(BudgetRow)
            .where(col(BudgetRow.plan_id) == plan_id)
            .values(reserved_millis=col(BudgetRow.reserved_millis) - millis)
        )
