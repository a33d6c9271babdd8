"""Requests that passed to a deputy: who may decide about which since when."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, select

from memory.domain.approval_notice import PassedOn


class ApprovalPassRow(SQLModel, table=True):
    """The row of one request that passed to one deputy."""

    __tablename__ = "approval_pass"

    approval_id: str = Field(primary_key=True)
    deputy: str = Field(primary_key=True)
    approver: str
    passed_at: datetime
    period_id: str = Field(default="", sa_column_kwargs={"server_default": ""})


class ApprovalPasses:
    """Reads and adds what passed. When it does is decided by `agent.approval.deputies`."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, passed: PassedOn) -> bool:
        """Pass a request on; false where it passed to this deputy already."""
        if self._session.get(ApprovalPassRow, (passed.approval_id, passed.deputy)) is not None:
            return False
        self._session.add(ApprovalPassRow(**passed.model_dump()))
        self._session.flush()
        return True

    def to(self, approval_id: str, deputy: str) -> PassedOn | None:
        """Give how a request passed to somebody; none where it did not."""
        row = self._session.get(ApprovalPassRow, (approval_id, deputy))
        return PassedOn.model_validate(row.model_dump()) if row else None

    def of(self, approval_id: str) -> tuple[PassedOn, ...]:
        """Give to whom a request passed."""
        query = select(ApprovalPassRow).where(ApprovalPassRow.approval_id == approval_id)
        rows = self._session.exec(query.order_by(ApprovalPassRow.deputy))
        return tuple(PassedOn.model_validate(row.model_dump()) for row in rows)
