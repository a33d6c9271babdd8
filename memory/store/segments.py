"""Segments a shop keeps: named rules, one row each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.errors import NotFound
from memory.domain.segment import Segment


class SegmentRow(SQLModel, table=True):
    """The row of a segment."""

    __tablename__ = "segment"

    shop_id: str = Field(primary_key=True)
    segment_id: str = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    defined_by: str
    defined_at: datetime


class Segments:
    """Reads and writes segments."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, shop_id: str, segment: Segment, by: str, at: datetime) -> None:
        """Keep a segment, in place of one of the same id."""
        body = segment.model_dump(mode="json")
        row = SegmentRow(shop_id=shop_id, segment_id=segment.id, body=body, defined_by=by, defined_at=at)
        self._session.merge(row)
        self._session.flush()

    def get(self, shop_id: str, segment_id: str) -> Segment:
        """Give a kept segment; raises `NotFound`."""
        row = self._session.get(SegmentRow, (shop_id, segment_id))
        if row is None:
            raise NotFound(kind="segment", id=segment_id)
        return Segment.model_validate(row.body)

    def all(self, shop_id: str) -> tuple[Segment, ...]:
        """Give the shop's segments by id."""
        query = select(SegmentRow).where(SegmentRow.shop_id == shop_id).order_by(col(SegmentRow.segment_id))
        return tuple(Segment.model_validate(row.body) for row in self._session.exec(query))
