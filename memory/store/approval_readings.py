"""Texts that somebody who reads a market's language has read, by the hash of the texts."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel

from memory.domain.approval_notice import TextsRead


class ApprovalReadingRow(SQLModel, table=True):
    """The row of one reading."""

    __tablename__ = "approval_reading"

    shop_id: str = Field(primary_key=True)
    market: str = Field(primary_key=True)
    texts_hash: str = Field(primary_key=True)
    reader: str = Field(primary_key=True)
    language: str
    read_at: datetime
    approval_id: str


class ApprovalReadings:
    """Reads and adds readings. Who may read is decided by `agent.approval.reading`."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, read: TextsRead) -> None:
        """Note that somebody read texts; the first time they did stays."""
        key = (read.shop_id, read.market, read.texts_hash, read.reader)
        if self._session.get(ApprovalReadingRow, key) is None:
            self._session.add(ApprovalReadingRow(**read.model_dump()))
            self._session.flush()

    def find(self, shop_id: str, market: str, texts_hash: str, readers: tuple[str, ...]) -> TextsRead | None:
        """Give the earliest reading of exactly these texts by one of the readers, or none."""
        rows = [self._session.get(ApprovalReadingRow, (shop_id, market, texts_hash, reader)) for reader in readers]
        found = [TextsRead.model_validate(row.model_dump()) for row in rows if row is not None]
        return min(found, key=lambda one: (one.read_at, one.reader), default=None)
