"""The shop's content library: courses, stories and guides by name; an item that ended stays on record."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.content import ContentItem, KeptContent
from memory.domain.errors import NotFound

Change = Literal["added", "changed", "unchanged"]
"""What setting an item does."""


class ContentItemRow(SQLModel, table=True):
    """The row of one item."""

    __tablename__ = "content_item"

    shop_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    set_by: str
    set_at: datetime
    ended_at: datetime | None = None


class ContentItems:
    """Reads and writes the library."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, shop_id: str, item: ContentItem, by: str, at: datetime) -> Change:
        """Set an item; the same id again changes it and puts it in use again. Say what that did."""
        row = self._session.get(ContentItemRow, (shop_id, item.id), populate_existing=True)
        change = change_of(None if row is None else _kept(row), item)
        if change == "unchanged":
            return change
        row = row or ContentItemRow(shop_id=shop_id, id=item.id, content={}, set_by=by, set_at=at)
        row.content, row.set_by, row.set_at, row.ended_at = item.model_dump(mode="json"), by, at, None
        self._session.add(row)
        self._session.flush()
        return change

    def end(self, shop_id: str, item_id: str, at: datetime) -> KeptContent:
        """Let no message carry it any more; ended again it stays ended when it was. Raise `NotFound`."""
        row = self._session.get(ContentItemRow, (shop_id, item_id), populate_existing=True)
        if row is None:
            raise NotFound(kind="content item", id=item_id)
        row.ended_at = row.ended_at or at
        self._session.add(row)
        self._session.flush()
        return _kept(row)

    def all(self, shop_id: str) -> tuple[KeptContent, ...]:
        """Give every item of a shop, also those that ended, by name."""
        query = select(ContentItemRow).where(ContentItemRow.shop_id == shop_id).order_by(col(ContentItemRow.id))
        return tuple(_kept(row) for row in self._session.exec(query))

    def in_use(self, shop_id: str) -> tuple[ContentItem, ...]:
        """Give the items that messages may carry, by name."""
        return tuple(one.item for one in self.all(shop_id) if one.ended_at is None)


def change_of(kept: KeptContent | None, item: ContentItem) -> Change:
    """Say what setting an item would do to what is kept under its name."""
    if kept is None:
        return "added"
    return "unchanged" if kept.item == item and kept.ended_at is None else "changed"


def _kept(row: ContentItemRow) -> KeptContent:
    item = ContentItem.model_validate(row.content)
    return KeptContent(item=item, set_by=row.set_by, set_at=row.set_at, ended_at=row.ended_at)
