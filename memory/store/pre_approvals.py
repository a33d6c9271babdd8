"""Pre-approved periods, and what a plan did in one: counted from the outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sql
from sqlalchemy import JSON, Column, ColumnElement, func, or_
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.errors import NotFound
from memory.domain.pre_approval import DigestLine, PreApproval

from .instants import to_micros
from .outbox import OutboxRow

_TABLE = cast(Any, OutboxRow).__table__
WENT = ("claimed", "sent", "unknown")
"""States of messages that left, or may have."""


class PreApprovalRow(SQLModel, table=True):
    """The row of one period."""

    __tablename__ = "pre_approval"

    id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    plan_id: str
    starts_at: datetime
    ends_at: datetime
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Done(NamedTuple):
    """What a plan did in a period so far."""

    n_reached: int
    """People it wrote to."""
    cost_millis: int
    """What that cost."""


class PreApprovals:
    """Reads and writes periods."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, period: PreApproval) -> None:
        """Keep a period, or that it was revoked."""
        row = self._session.get(PreApprovalRow, period.id, populate_existing=True)
        row = row or PreApprovalRow(
            id=period.id, shop_id=period.shop_id, plan_id=period.plan_id, starts_at=period.starts_at,
            ends_at=period.ends_at, content={},
        )  # fmt: skip
        row.content = period.model_dump(mode="json")
        self._session.add(row)
        self._session.flush()

    def get(self, period_id: str) -> PreApproval:
        """Give one; raise `NotFound`."""
        row = self._session.get(PreApprovalRow, period_id, populate_existing=True)
        if row is None:
            raise NotFound(kind="period", id=period_id)
        return PreApproval.model_validate(row.content)

    def all(self, shop_id: str) -> tuple[PreApproval, ...]:
        """Give the shop's periods, the latest first."""
        query = select(PreApprovalRow).where(PreApprovalRow.shop_id == shop_id)
        ordered = query.order_by(col(PreApprovalRow.starts_at).desc(), PreApprovalRow.id)
        return tuple(PreApproval.model_validate(row.content) for row in self._session.exec(ordered))

    def holding(self, at: datetime, shop_id: str | None = None) -> tuple[PreApproval, ...]:
        """Give the periods that hold at an instant, of one shop or of all, by id."""
        query = select(PreApprovalRow).where(col(PreApprovalRow.starts_at) <= at, col(PreApprovalRow.ends_at) > at)
        query = query if shop_id is None else query.where(PreApprovalRow.shop_id == shop_id)
        found = (
            PreApproval.model_validate(row.content) for row in self._session.exec(query.order_by(PreApprovalRow.id))
        )
        return tuple(period for period in found if period.holds(at))

    def ended(self, at: datetime, since: datetime) -> tuple[PreApproval, ...]:
        """Give the periods that ran out, or were revoked after they began, from `since` to `at`; of all shops."""
        query = select(PreApprovalRow).where(col(PreApprovalRow.starts_at) <= at, col(PreApprovalRow.ends_at) > since)
        found = (
            PreApproval.model_validate(row.content) for row in self._session.exec(query.order_by(PreApprovalRow.id))
        )
        return tuple(one for one in found if since < min(one.ends_at, one.revoked_at or one.ends_at) <= at)

    def done(self, plan_ids: Sequence[str], since: datetime, until: datetime | None = None) -> Done:
        """Give what plans did since an instant, up to another where one is given."""
        query = sql.select(func.count(_TABLE.c.person_id.distinct()), func.coalesce(func.sum(_TABLE.c.cost_millis), 0))
        query = query.where(*_went(plan_ids, since))
        query = query if until is None else query.where(_TABLE.c.claimed_at < to_micros(until))
        n, cost = self._session.connection().execute(query).one()
        return Done(int(n), int(cost))

    def reached(self, plan_ids: Sequence[str], since: datetime, people: Iterable[str]) -> frozenset[str]:
        """Give whom of these people plans wrote to since an instant."""
        query = sql.select(_TABLE.c.person_id).distinct()
        query = query.where(*_went(plan_ids, since), _TABLE.c.person_id.in_(sorted(set(people))))
        return frozenset(row[0] for row in self._session.connection().execute(query))

    def lines(self, plan_ids: Sequence[str], since: datetime, until: datetime) -> tuple[DigestLine, ...]:
        """Give how messages of plans ended from `since` to before `until`, and which due in it wait, by step."""
        row, first, last = _TABLE.c, to_micros(since), to_micros(until)
        ended = (row.finished_at >= first) & (row.finished_at < last)
        left = row.state.in_(WENT) & (row.claimed_at >= first) & (row.claimed_at < last)
        waits = (row.state == "planned") & (row.due_at >= first) & (row.due_at < last)
        keys = (row.step_id, row.channel, row.state, row.reason)
        query = sql.select(*keys, func.count()).where(row.plan_id.in_(plan_ids), or_(ended, left, waits))
        found = self._session.connection().execute(query.group_by(*keys).order_by(*keys))
        names = ("step_id", "channel", "state", "reason", "n")
        return tuple(DigestLine(**dict(zip(names, each, strict=True))) for each in found)


def _went(plan_ids: Sequence[str], since: datetime) -> tuple[ColumnElement[bool], ...]:
    row = _TABLE.c
    return (row.plan_id.in_(plan_ids), row.state.in_(WENT), row.claimed_at >= to_micros(since))
