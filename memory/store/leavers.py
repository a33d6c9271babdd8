"""Leavers: unsubscribes per step, message kind and cohort, beside the messages that left."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, Column, func, select
from sqlmodel import Field, Session, SQLModel

from .consents import ConsentEventRow
from .instants import to_micros
from .outbox import OutboxRow

_MESSAGES = cast(Any, OutboxRow).__table__
_EVENTS = cast(Any, ConsentEventRow).__table__
_GROUPS = (_MESSAGES.c.step_id, _MESSAGES.c.message_kind, _MESSAGES.c.cohort)


class LeaverCountRow(SQLModel, table=True):
    """What `Leavers.rows` said of a shop at its newest tick: to count again takes all its messages."""

    __tablename__ = "leaver_count"

    shop_id: str = Field(primary_key=True)
    counted_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    rows: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))


class Leavers:
    """Reads who left through which message."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def rows(self, shop_id: str, plan_id: str | None = None) -> list[dict[str, Any]]:
        """Give (step_id, message_kind, cohort, n_sent, n_left) of the shop's or one plan's messages."""
        where = [_MESSAGES.c.shop_id == shop_id] + ([_MESSAGES.c.plan_id == plan_id] if plan_id else [])
        left = (
            select(_EVENTS.c.send_key)
            .where(_EVENTS.c.shop_id == shop_id, _EVENTS.c.status == "revoked", _EVENTS.c.send_key != "")
            .distinct()
            .subquery()
        )
        query = (
            select(*_GROUPS, func.count(), func.count(left.c.send_key))
            .select_from(_MESSAGES.outerjoin(left, left.c.send_key == _MESSAGES.c.send_key))
            .where(*where, _MESSAGES.c.state.in_(("sent", "unknown")))
            .group_by(*_GROUPS)
            .order_by(*_GROUPS)
        )
        names = ("step_id", "message_kind", "cohort", "n_sent", "n_left")
        return [dict(zip(names, row, strict=True)) for row in self._session.connection().execute(query)]

    def keep(self, shop_id: str, rows: list[dict[str, Any]], at: datetime) -> None:
        """Keep a shop's rows until the next tick counts again."""
        row = self._session.get(LeaverCountRow, shop_id) or LeaverCountRow(shop_id=shop_id, counted_at=0, rows=[])
        row.rows, row.counted_at = rows, to_micros(at)
        self._session.add(row)
        self._session.flush()

    def kept(self, shop_id: str) -> list[dict[str, Any]] | None:
        """Give a shop's rows as they were last kept, or none."""
        row = self._session.get(LeaverCountRow, shop_id)
        return None if row is None else row.rows

    def reasons(self, shop_id: str, plan_id: str) -> dict[str, int]:
        """Give how often each reason was named after one of the plan's messages."""
        query = (
            select(_EVENTS.c.reason, func.count())
            .select_from(_EVENTS.join(_MESSAGES, _EVENTS.c.send_key == _MESSAGES.c.send_key))
            .where(_MESSAGES.c.shop_id == shop_id, _MESSAGES.c.plan_id == plan_id, _EVENTS.c.reason != "")
            .where(_EVENTS.c.status == "revoked")
            .group_by(_EVENTS.c.reason)
            .order_by(_EVENTS.c.reason)
        )
        return {row[0]: row[1] for row in self._session.connection().execute(query)}
