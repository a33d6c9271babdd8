"""Notices of waiting requests: one row per request, kind and way, so that nobody is told twice, whatever is killed."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.approval_notice import ApprovalNotice, NoticeStatus, ToldKind
from memory.domain.canonical import content_hash

LONGEST_HAND_OFF = timedelta(minutes=5)
"""A hand-off that is under way for longer was cut short: nobody can say whether it was taken."""


class ApprovalNoticeRow(SQLModel, table=True):
    """The row of a notice."""

    __tablename__ = "approval_notice"

    id: str = Field(primary_key=True)
    approval_id: str = Field(index=True)
    shop_id: str
    kind: str
    way: str
    status: str = Field(index=True)
    n_tries: int = 0
    next_at: datetime
    told_at: datetime | None = None
    reason: str = ""


class ApprovalNotices:
    """Plans, claims and ends notices."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def plan(self, approval_id: str, shop_id: str, kind: ToldKind, way: str, at: datetime) -> bool:
        """Plan a notice; false where there is one already, whatever became of it."""
        key = "n" + content_hash([approval_id, kind, way])[:24]
        if self._session.get(ApprovalNoticeRow, key) is not None:
            return False
        self._session.add(
            ApprovalNoticeRow(
                id=key, approval_id=approval_id, shop_id=shop_id, kind=kind, way=way, status="planned", next_at=at
            )
        )
        self._session.flush()
        return True

    def due(self, at: datetime, limit: int = 50) -> tuple[ApprovalNotice, ...]:
        """Give planned notices whose time has come, oldest first."""
        query = select(ApprovalNoticeRow).where(
            col(ApprovalNoticeRow.status) == "planned", col(ApprovalNoticeRow.next_at) <= at
        )
        ordered = query.order_by(col(ApprovalNoticeRow.next_at), ApprovalNoticeRow.id).limit(limit)
        return tuple(_notice(row) for row in self._session.exec(ordered))

    def claim(self, notice: ApprovalNotice, at: datetime) -> bool:
        """Take a notice to hand it off; false where another worker took it or it ended."""
        return self._move(notice, "planned", status="sending", n_tries=notice.n_tries + 1, next_at=at)

    def end(
        self, notice: ApprovalNotice, status: NoticeStatus, at: datetime, *, reason: str = "", next_at: datetime
    ) -> None:
        """Write down what became of a claimed notice."""
        told_at = at if status == "told" else None
        self._move(notice, "sending", status=status, told_at=told_at, reason=reason[:300], next_at=next_at)

    def drop(self, notice: ApprovalNotice, reason: str) -> None:
        """End a planned notice that nobody needs any more."""
        self._move(notice, "planned", status="failed", reason=reason)

    def cut_short(self, at: datetime) -> int:
        """End hand-offs that a crash cut short as `unknown` and give how many: they are not repeated."""
        change = (
            update(ApprovalNoticeRow)
            .where(col(ApprovalNoticeRow.status) == "sending", col(ApprovalNoticeRow.next_at) < at - LONGEST_HAND_OFF)
            .values(status="unknown", reason="cut short")
        )
        return int(cast(CursorResult[Any], self._session.connection().execute(change)).rowcount)

    def of(self, approval_id: str) -> tuple[ApprovalNotice, ...]:
        """Give a request's notices by kind and way."""
        query = select(ApprovalNoticeRow).where(ApprovalNoticeRow.approval_id == approval_id)
        rows = self._session.exec(query.order_by(ApprovalNoticeRow.kind, ApprovalNoticeRow.way))
        return tuple(_notice(row) for row in rows)

    def _move(self, notice: ApprovalNotice, from_status: NoticeStatus, **values: Any) -> bool:
        change = (
            update(ApprovalNoticeRow)
            .where(col(ApprovalNoticeRow.id) == notice.id, col(ApprovalNoticeRow.status) == from_status)
            .values(**values)
        )
        return cast(CursorResult[Any], self._session.connection().execute(change)).rowcount == 1


def _notice(row: ApprovalNoticeRow) -> ApprovalNotice:
    return ApprovalNotice.model_validate(row.model_dump())
