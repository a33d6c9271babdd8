"""Alarms about redemptions: one row per offer and kind, raised again where it grew after somebody looked at it."""

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.codes import AlarmKind, CodeAlarm
from memory.domain.errors import NotFound
from memory.domain.money import Money


class CodeAlarmRow(SQLModel, table=True):
    """The row of one alarm."""

    __tablename__ = "code_alarm"

    shop_id: str = Field(primary_key=True)
    plan_id: str = Field(primary_key=True)
    offer_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    n: int = Field(sa_column=Column(BigInteger, nullable=False))
    at_stake_minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str
    message: str
    raised_at: datetime
    settled_by: str = ""
    settled_at: datetime | None = None


class CodeAlarms:
    """Reads and writes alarms."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def all(self, shop_id: str, *, open_only: bool = False) -> tuple[CodeAlarm, ...]:
        """Give a shop's alarms, the newest first; only those nobody looked at where asked for."""
        query = select(CodeAlarmRow).where(CodeAlarmRow.shop_id == shop_id)
        if open_only:
            query = query.where(col(CodeAlarmRow.settled_at).is_(None))
        order = (col(CodeAlarmRow.raised_at).desc(), CodeAlarmRow.plan_id, CodeAlarmRow.offer_id, CodeAlarmRow.kind)
        return tuple(_alarm(row) for row in self._session.exec(query.order_by(*order)))

    def raise_(self, alarm: CodeAlarm) -> bool:
        """Keep an alarm; say whether it is new, or grew after somebody had looked at it. An open one only grows."""
        key = (alarm.shop_id, alarm.plan_id, alarm.offer_id, alarm.kind)
        known = self._session.get(CodeAlarmRow, key, populate_existing=True)
        if known is not None and alarm.n <= known.n:
            return False
        is_news = known is None or known.settled_at is not None
        row = known or CodeAlarmRow(
            shop_id=alarm.shop_id, plan_id=alarm.plan_id, offer_id=alarm.offer_id, kind=alarm.kind, n=0,
            at_stake_minor=0, currency="", message="", raised_at=alarm.raised_at,
        )  # fmt: skip
        row.n, row.message = alarm.n, alarm.message
        row.at_stake_minor, row.currency = alarm.at_stake.amount_minor, alarm.at_stake.currency
        if is_news:
            row.raised_at, row.settled_by, row.settled_at = alarm.raised_at, "", None
        self._session.add(row)
        self._session.flush()
        return is_news

    def settle(self, shop_id: str, plan_id: str, offer_id: str, kind: AlarmKind, by: str, at: datetime) -> CodeAlarm:
        """Note that somebody looked at an alarm; raise `NotFound`."""
        row = self._session.get(CodeAlarmRow, (shop_id, plan_id, offer_id, kind), populate_existing=True)
        if row is None:
            raise NotFound(kind="alarm", id=f"{offer_id} {kind}")
        if row.settled_at is None:
            row.settled_by, row.settled_at = by, at
            self._session.add(row)
            self._session.flush()
        return _alarm(row)


def _alarm(row: CodeAlarmRow) -> CodeAlarm:
    named = row.model_dump(exclude={"at_stake_minor", "currency"})
    return CodeAlarm(**named, at_stake=Money(amount_minor=row.at_stake_minor, currency=row.currency))
