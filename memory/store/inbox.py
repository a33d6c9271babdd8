"""The inbox: what came in from outside and was acknowledged, until it is in the lake; and the rows that were refused.

States: `waiting` is to be flushed; `done` is in the lake (or changed nothing); `rejected` could not be used; `request`
is a person's legal wish that waits for a human; `answered` is one that was met. Bodies are sealed and are forgotten
as soon as they are not needed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, Column, CursorResult, Index, LargeBinary, Text, UniqueConstraint, func
from sqlmodel import Field, Session, SQLModel, col, select, update

from memory.domain.errors import NotFound

from .instants import to_micros
from .numbers import BIG

IDS_PER_QUERY = 5_000


def _big(**more: Any) -> Any:
    return Column(BigInteger, nullable=False, **more)


class InboxRow(SQLModel, table=True):
    """One acknowledged delivery: a webhook, or a batch of events."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("shop_id", "source", "delivery_id", name="one_row_per_delivery"),
        Index("inbox_waiting", "shop_id", "state", "retry_at"),
        Index("inbox_finished", "shop_id", "state", "finished_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    shop_id: str
    source: str
    """`events`, `shopify`, or `thanks` for friends who came by a shared link."""
    topic: str
    delivery_id: str
    """What makes it the same delivery: the sender's id and the body's hash."""
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Sealed; empty once it is not needed."""
    n_rows: int
    received_at: int = Field(sa_column=_big())
    retry_at: int = Field(sa_column=_big())
    """When it is looked at (again); later than `received_at` where it waits for another delivery."""
    state: str = "waiting"
    n_tries: int = 0
    finished_at: int = Field(default=0, sa_column=_big(server_default="0"))
    reason: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    person_ids: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    """Whom a request is about, as pseudonyms with spaces between."""


class RejectedRowRow(SQLModel, table=True):
    """One row of a delivery that could not be used."""

    __tablename__ = "inbox_rejected"

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    shop_id: str = Field(index=True)
    inbox_id: int = Field(sa_column=Column(BIG, nullable=False))
    source: str
    topic: str
    place: int
    """Which row of the delivery, from 1."""
    reason: str = Field(sa_column=Column(Text, nullable=False))
    at: int = Field(sa_column=_big())


class Inbox:
    """Reads and moves deliveries."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def known(self, shop_id: str, source: str, delivery_id: str) -> InboxRow | None:
        """Give the delivery that came in before under this id, or none."""
        query = select(InboxRow).where(
            InboxRow.shop_id == shop_id, InboxRow.source == source, InboxRow.delivery_id == delivery_id
        )
        return self._session.exec(query).first()

    def add(self, row: InboxRow) -> int:
        """Keep a delivery and give its id."""
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        return row.id

    def waiting(self, shop_id: str, now: datetime, limit: int, *, lock: bool = True) -> list[InboxRow]:
        """Give up to `limit` deliveries whose turn has come, in the order in which they came; locks on PostgreSQL.

        Without `lock` they are only looked at, as a read transaction has to.
        """
        query = select(InboxRow).where(
            InboxRow.shop_id == shop_id, InboxRow.state == "waiting", InboxRow.retry_at <= to_micros(now)
        )
        found = query.order_by(col(InboxRow.id)).limit(limit)
        return list(self._session.exec(found.with_for_update() if lock else found))

    def has_waiting(self, shop_id: str, source: str, now: datetime) -> bool:
        """Say whether a source's delivery waits whose turn has come."""
        query = select(InboxRow.id).where(
            InboxRow.shop_id == shop_id, InboxRow.state == "waiting", InboxRow.retry_at <= to_micros(now)
        )
        return self._session.exec(query.where(InboxRow.source == source).limit(1)).first() is not None

    def finish(self, ids: Sequence[int], now: datetime) -> None:
        """Note that these are in the lake, and forget their bodies."""
        for start in range(0, len(ids), IDS_PER_QUERY):
            some = ids[start : start + IDS_PER_QUERY]
            self._session.exec(
                update(InboxRow)
                .where(col(InboxRow.id).in_(some))
                .values(state="done", finished_at=to_micros(now), body=b"")
            )

    def reject(self, row: InboxRow, place: int, reason: str, now: datetime) -> None:
        """List a row of a delivery as wrong."""
        assert row.id is not None
        self._session.add(
            RejectedRowRow(
                shop_id=row.shop_id, inbox_id=row.id, source=row.source, topic=row.topic, place=place, reason=reason,
                at=to_micros(now),
            )
        )  # fmt: skip

    def rejected(self, shop_id: str, limit: int) -> list[RejectedRowRow]:
        """Give the newest rejected rows of a shop."""
        query = select(RejectedRowRow).where(RejectedRowRow.shop_id == shop_id)
        return list(self._session.exec(query.order_by(col(RejectedRowRow.id).desc()).limit(limit)))

    def latest(self, shop_id: str, limit: int) -> list[InboxRow]:
        """Give a shop's newest deliveries."""
        query = select(InboxRow).where(InboxRow.shop_id == shop_id)
        return list(self._session.exec(query.order_by(col(InboxRow.id).desc()).limit(limit)))

    def requests(self, shop_id: str) -> list[InboxRow]:
        """Give the legal wishes that wait for a human, oldest first."""
        query = select(InboxRow).where(InboxRow.shop_id == shop_id, InboxRow.state == "request")
        return list(self._session.exec(query.order_by(col(InboxRow.id))))

    def answer(self, shop_id: str, inbox_id: int, by: str, now: datetime) -> InboxRow:
        """Note that a request was met, and forget its body; raise `NotFound`."""
        row = self._session.get(InboxRow, inbox_id)
        if row is None or row.shop_id != shop_id or row.state != "request":
            raise NotFound(kind="open request", id=inbox_id)
        row.state, row.finished_at, row.body, row.reason = "answered", to_micros(now), b"", f"answered by {by}"
        self._session.flush()
        return row

    def counts(self, shop_id: str) -> dict[str, int]:
        """Give how many deliveries are in each state."""
        query = select(InboxRow.state, func.count()).where(InboxRow.shop_id == shop_id).group_by(InboxRow.state)
        return {row[0]: row[1] for row in self._session.connection().execute(query)}

    def forget_before(self, shop_id: str, before: datetime) -> int:
        """Delete finished deliveries and rejected rows older than that; give how many deliveries."""
        from sqlalchemy import delete

        old = to_micros(before)
        self._session.exec(
            delete(RejectedRowRow).where(col(RejectedRowRow.shop_id) == shop_id, col(RejectedRowRow.at) < old)
        )
        done = delete(InboxRow).where(
            col(InboxRow.shop_id) == shop_id,
            col(InboxRow.state).in_(("done", "rejected")),
            col(InboxRow.finished_at) < old,
        )
        return cast("CursorResult[Any]", self._session.exec(done)).rowcount
