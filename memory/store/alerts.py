"""Alerts: written in the transaction of what they tell of, handed off afterwards, at least once."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.canonical import content_hash
from memory.domain.switch import Alert, AlertCode


class AlertRow(SQLModel, table=True):
    """The row of an alert."""

    __tablename__ = "alert"

    id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    code: str
    subject: str
    message: str
    at: datetime
    told_at: datetime | None = None


class Alerts:
    """Reads and writes alerts."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, shop_id: str, code: AlertCode, subject: str, message: str, at: datetime) -> Alert:
        """Raise an alert; the same about the same subject is raised once."""
        key = "w" + content_hash([shop_id, code, subject, message])[:24]
        row = self._session.get(AlertRow, key)
        if row is None:
            row = AlertRow(id=key, shop_id=shop_id, code=code, subject=subject, message=message, at=at)
            self._session.add(row)
            self._session.flush()
        return Alert.model_validate(row.model_dump())

    def has(self, shop_id: str, code: AlertCode, subject: str) -> bool:
        """Say whether an alert of this kind about this subject was raised in the shop."""
        query = select(AlertRow.id).where(
            AlertRow.shop_id == shop_id, AlertRow.code == code, AlertRow.subject == subject
        )
        return self._session.exec(query.limit(1)).first() is not None

    def untold(self, limit: int = 100) -> tuple[Alert, ...]:
        """Give alerts nobody was told of, oldest first."""
        query = select(AlertRow).where(col(AlertRow.told_at).is_(None)).order_by(col(AlertRow.at)).limit(limit)
        return tuple(Alert.model_validate(row.model_dump()) for row in self._session.exec(query))

    def told(self, alert_id: str, at: datetime) -> None:
        """Note that an alert was handed off."""
        row = self._session.get(AlertRow, alert_id)
        assert row is not None
        row.told_at = at
        self._session.add(row)
        self._session.flush()

    def all(self, shop_id: str, limit: int = 200) -> tuple[Alert, ...]:
        """Give the shop's alerts, newest first."""
        query = select(AlertRow).where(col(AlertRow.shop_id).in_([shop_id, "*"])).order_by(col(AlertRow.at).desc())
        return tuple(Alert.model_validate(row.model_dump()) for row in self._session.exec(query.limit(limit)))
