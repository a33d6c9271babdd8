"""What is known of objects in the shop's system: how new our copy is, and units on hand per place."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

IDS_PER_QUERY = 5_000


class OutsideStateRow(SQLModel, table=True):
    """How new the copy of one object is: a late delivery of an older state changes nothing."""

    __tablename__ = "outside_state"

    shop_id: str = Field(primary_key=True)
    object_key: str = Field(primary_key=True)
    """Kind and id, such as `order:450789469`."""
    state: int = Field(sa_column=Column(BigInteger, nullable=False))
    """Higher is newer."""


class InventoryItemRow(SQLModel, table=True):
    """Which article an inventory item is."""

    __tablename__ = "inventory_item"

    shop_id: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)
    sku: str


class InventoryLevelRow(SQLModel, table=True):
    """Units of an inventory item at one place."""

    __tablename__ = "inventory_level"

    shop_id: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)
    location_id: str = Field(primary_key=True)
    available: int = Field(sa_column=Column(BigInteger, nullable=False))


class Outside:
    """Reads and writes what is known of outside objects."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def states(self, shop_id: str, keys: Iterable[str]) -> dict[str, int]:
        """Give how new the copies of these objects are; unknown ones are missing."""
        wanted = sorted(set(keys))
        found: dict[str, int] = {}
        for start in range(0, len(wanted), IDS_PER_QUERY):
            query = select(OutsideStateRow.object_key, OutsideStateRow.state).where(
                OutsideStateRow.shop_id == shop_id,
                col(OutsideStateRow.object_key).in_(wanted[start : start + IDS_PER_QUERY]),
            )
            found.update((row[0], row[1]) for row in self._session.connection().execute(query))
        return found

    def note_states(self, shop_id: str, states: Mapping[str, int]) -> None:
        """Keep how new copies are; an older state never replaces a newer one."""
        rows = [{"shop_id": shop_id, "object_key": key, "state": state} for key, state in sorted(states.items())]
        insert = self._insert(OutsideStateRow)
        newest = self._greatest(insert.excluded.state, col(OutsideStateRow.state))
        self._put(insert.on_conflict_do_update(index_elements=["shop_id", "object_key"], set_={"state": newest}), rows)

    def note_items(self, shop_id: str, skus: Mapping[str, str]) -> None:
        """Keep which article each inventory item is."""
        rows = [{"shop_id": shop_id, "item_id": item, "sku": sku} for item, sku in sorted(skus.items())]
        insert = self._insert(InventoryItemRow)
        changed = {"sku": insert.excluded.sku}
        self._put(insert.on_conflict_do_update(index_elements=["shop_id", "item_id"], set_=changed), rows)

    def sku_of(self, shop_id: str, item_id: str) -> str | None:
        """Give the article of an inventory item, or none."""
        row = self._session.get(InventoryItemRow, (shop_id, item_id))
        return row.sku if row else None

    def set_level(self, shop_id: str, item_id: str, location_id: str, available: int) -> int:
        """Keep the units at one place and give the sum over all places that were ever named."""
        row = {"shop_id": shop_id, "item_id": item_id, "location_id": location_id, "available": available}
        insert, key = self._insert(InventoryLevelRow), ["shop_id", "item_id", "location_id"]
        changed = {"available": insert.excluded.available}
        self._put(insert.on_conflict_do_update(index_elements=key, set_=changed), [row])
        total = select(func.sum(InventoryLevelRow.available)).where(
            InventoryLevelRow.shop_id == shop_id, InventoryLevelRow.item_id == item_id
        )
        return int(self._session.exec(total).one() or 0)

    def _put(self, statement: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._session.connection().execute(statement, rows)
            self._session.expire_all()

    def _insert(self, row: Any) -> Any:
        return postgresql.insert(row) if self._is_postgres else sqlite.insert(row)

    def _greatest(self, left: Any, right: Any) -> Any:
        return func.greatest(left, right) if self._is_postgres else func.max(left, right)

    @property
    def _is_postgres(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"
