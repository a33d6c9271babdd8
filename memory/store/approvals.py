"""Approvals: one row per request; a decision is one conditional UPDATE, so that only one can ever count."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, false, func, update
from sqlmodel import Field, Session, SQLModel, select

from memory.domain.approval import Approval, ApprovalStatus
from memory.domain.errors import NotFound


class ApprovalRow(SQLModel, table=True):
    """The row of a request."""

    __tablename__ = "approval"

    id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    plan_id: str = Field(index=True)
    guardrail_version: str
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    touched_by: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    shown_hash: str = Field(default="", sa_column_kwargs={"server_default": ""})
    status: str = Field(index=True)
    decided_by: str = ""
    decided_at: datetime | None = None
    note: str = ""
    is_staged: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Approvals:
    """Reads and writes requests and decisions. The rules sit in `agent.approval`."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, approval: Approval) -> None:
        """Store a request."""
        fields = approval.model_dump(exclude={"touched_by"})
        self._session.add(ApprovalRow(**fields, touched_by=list(approval.touched_by)))
        self._session.flush()

    def get(self, approval_id: str) -> Approval:
        """Give a request; raise `NotFound`."""
        row = self._session.get(ApprovalRow, approval_id, populate_existing=True)
        if row is None:
            raise NotFound(kind="approval", id=approval_id)
        return _approval(row)

    def of_plan(self, plan_id: str) -> tuple[Approval, ...]:
        """Give all requests for a plan, newest first."""
        return self._where(ApprovalRow.plan_id == plan_id)

    def waiting(self, shop_id: str) -> tuple[Approval, ...]:
        """Give the open requests of a shop, newest first."""
        return self._where((ApprovalRow.shop_id == shop_id) & (ApprovalRow.status == "waiting"))

    def all_waiting(self) -> tuple[Approval, ...]:
        """Give the open requests of every shop, newest first."""
        return self._where(ApprovalRow.status == "waiting")

    def closed(self, shop_id: str, limit: int = 50, offset: int = 0) -> tuple[Approval, ...]:
        """Give requests of a shop that wait no more, newest first."""
        query = select(ApprovalRow).where(ApprovalRow.shop_id == shop_id, ApprovalRow.status != "waiting")
        ordered = query.order_by(ApprovalRow.requested_at.desc(), ApprovalRow.id)  # type: ignore[attr-defined]
        return tuple(_approval(row) for row in self._session.exec(ordered.offset(offset).limit(limit)))

    def n_closed(self, shop_id: str) -> int:
        """Count them."""
        query = select(func.count()).select_from(ApprovalRow)
        return self._session.exec(query.where(ApprovalRow.shop_id == shop_id, ApprovalRow.status != "waiting")).one()

    def last_approved(self, shop_id: str, not_plan: str) -> Approval | None:
        """Give the shop's latest approval of another plan, whatever became of it since; none where there is none."""
        said = (ApprovalRow.shop_id == shop_id) & (ApprovalRow.plan_id != not_plan) & (ApprovalRow.decided_by != "")
        found = [one for one in self._where(said) if one.status in ("approved", "void", "expired")]
        return max(found, key=lambda one: (one.decided_at or one.requested_at, one.id), default=None)

    def move(
        self,
        approval_id: str,
        from_status: ApprovalStatus,
        to_status: ApprovalStatus,
        *,
        by: str = "",
        at: datetime | None = None,
        note: str = "",
        is_staged: bool = False,
    ) -> bool:
        """Move a request on if it still stands where it is believed to; say whether this call did it."""
        decided = {"decided_by": by, "decided_at": at, "note": note, "is_staged": is_staged} if by else {}
        change = (
            update(ApprovalRow)
            .where(ApprovalRow.id == approval_id, ApprovalRow.status == from_status)  # type: ignore[arg-type]
            .values(status=to_status, **decided)
        )
        result = self._session.connection().execute(change)
        return bool(result.rowcount == 1)

    def _where(self, condition: Any) -> tuple[Approval, ...]:
        query = select(ApprovalRow).where(condition)
        ordered = query.order_by(ApprovalRow.requested_at.desc(), ApprovalRow.id)  # type: ignore[attr-defined]
        return tuple(_approval(row) for row in self._session.exec(ordered))


def _approval(row: ApprovalRow) -> Approval:
    fields = {name: getattr(row, name) for name in Approval.model_fields}
    return Approval.model_validate({**fields, "touched_by": tuple(row.touched_by)})
