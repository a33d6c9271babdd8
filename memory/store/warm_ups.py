"""Warm-ups: when a sending domain began, whether it is paused, and what goes first on a short day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Row, func
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.base import Frozen, Instant

from .instants import from_micros, to_micros
from .outbox import COUNTED, OutboxRow


class WarmUp(Frozen):
    """How one sending domain of a shop warms up."""

    domain: str
    """The domain of the From address."""
    started_at: Instant
    """Its first day."""
    counted_from: Instant
    """Complaints count from here: its start, or when somebody resumed it."""
    is_done: bool = False
    """Whether somebody said that the domain is warm already."""
    paused_at: Instant | None = None
    """Since when complaints hold it; none where nothing does."""
    reason: str = ""
    """Why it is held."""


class WarmUpRow(SQLModel, table=True):
    """The row of one sending domain."""

    __tablename__ = "warm_up"

    shop_id: str = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    started_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    counted_from: int = Field(sa_column=Column(BigInteger, nullable=False))
    is_done: bool
    paused_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    reason: str


class WarmUps:
    """Reads and writes warm-ups."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def get(self, shop_id: str, domain: str) -> WarmUp | None:
        """Give a domain's warm-up, or none."""
        row = self._session.get(WarmUpRow, (shop_id, domain), populate_existing=True)
        if row is None:
            return None
        return WarmUp(
            domain=domain,
            started_at=from_micros(row.started_at),
            counted_from=from_micros(row.counted_from),
            is_done=row.is_done,
            paused_at=from_micros(row.paused_at) if row.paused_at else None,
            reason=row.reason,
        )

    def put(self, shop_id: str, warm_up: WarmUp) -> None:
        """Keep a domain's warm-up."""
        self._session.merge(
            WarmUpRow(
                shop_id=shop_id,
                domain=warm_up.domain,
                started_at=to_micros(warm_up.started_at),
                counted_from=to_micros(warm_up.counted_from),
                is_done=warm_up.is_done,
                paused_at=to_micros(warm_up.paused_at) if warm_up.paused_at else 0,
                reason=warm_up.reason,
            )
        )
        self._session.flush()

    def n_claimed(self, shop_id: str, channel: str, since: datetime) -> int:
        """Give how many messages of a channel left, or may have, since then."""
        query = select(func.count()).select_from(OutboxRow).where(OutboxRow.shop_id == shop_id)
        query = query.where(OutboxRow.channel == channel, col(OutboxRow.state).in_(COUNTED))
        return int(self._session.exec(query.where(OutboxRow.claimed_at >= to_micros(since))).one())

    def due(self, shop_id: str, channel: str, now: datetime, limit: int) -> Sequence[Row[Any]]:
        """Give due messages like the outbox does, receipts first, then whoever reacted or ordered last."""
        table = OutboxRow.__table__  # type: ignore[attr-defined]
        query = select(table).where(
            table.c.shop_id == shop_id,
            table.c.channel == channel,
            table.c.state == "planned",
            table.c.send_at <= to_micros(now),
        )
        order = (table.c.message_class != "transactional", table.c.engaged_at.desc(), table.c.send_key)
        query = query.order_by(*order).limit(limit)
        return self._session.connection().execute(query.with_for_update(skip_locked=True)).all()

    def n_held(self, shop_id: str) -> int:
        """Give how many mails the ceiling or complaints hold."""
        query = select(func.count()).select_from(OutboxRow)
        query = query.where(OutboxRow.shop_id == shop_id, OutboxRow.channel == "email", OutboxRow.state == "planned")
        return int(self._session.exec(query.where(OutboxRow.reason == "warm_up")).one())

    def hold(self, shop_id: str, now: datetime, until: datetime) -> int:
        """Let every due marketing mail wait until then; give how many."""
        table = OutboxRow.__table__  # type: ignore[attr-defined]
        statement = (
            table.update()
            .where(table.c.shop_id == shop_id, table.c.channel == "email", table.c.state == "planned")
            .where(table.c.send_at <= to_micros(now), table.c.message_class != "transactional")
            .values(send_at=to_micros(until), held_at=to_micros(now), reason="warm_up")
        )
        return int(self._session.connection().execute(statement).rowcount)
