"""Goods state: the one row per shop and article that the claim reads at hand-off: what is left, and what it costs."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from sqlalchemy import BigInteger, Column, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

GOODS_STATE_SCHEMA = pa.schema(
    [
        ("shop_id", pa.string()),
        ("sku", pa.string()),
        ("n_available", pa.int64()),  # units on hand; null where no stock figure was ever given
        ("price_minor", pa.int64()),  # null where the catalogue does not hold the article
        ("currency", pa.string()),
        ("is_active", pa.bool_()),
    ]
)
SOURCES = ("products", "stock")
"""Tables of the lake that the rows are worked out from."""
ROWS_PER_STATEMENT = 10_000


class GoodsStateRow(SQLModel, table=True):
    """The row of one article in one shop."""

    __tablename__ = "goods_state"

    shop_id: str = Field(primary_key=True)
    sku: str = Field(primary_key=True)
    n_available: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    price_minor: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    currency: str = Field(default="", sa_column_kwargs={"server_default": ""})
    is_active: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


_TABLE: Any = GoodsStateRow.__table__  # type: ignore[attr-defined]


class GoodsState:
    """Reads and writes what is known of an article at the instant of hand-off."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def upsert(self, goods: pa.Table) -> None:
        """Add or replace one row per shop and sku (`GOODS_STATE_SCHEMA`)."""
        connection = self._session.connection()
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(GoodsStateRow)
        changed = ("n_available", "price_minor", "currency", "is_active")
        statement = statement.on_conflict_do_update(
            index_elements=["shop_id", "sku"], set_={name: statement.excluded[name] for name in changed}
        )
        for batch in goods.cast(GOODS_STATE_SCHEMA).to_batches(max_chunksize=ROWS_PER_STATEMENT):
            rows = [record | {"currency": record["currency"] or ""} for record in batch.to_pylist()]
            connection.execute(statement, rows)
        self._session.expire_all()

    def get(self, shop_id: str, skus: Iterable[str]) -> dict[str, GoodsStateRow]:
        """Give the rows of these articles by sku; articles nobody knows are missing."""
        wanted = sorted(set(skus))
        if not wanted:
            return {}
        query = select(GoodsStateRow).where(col(GoodsStateRow.shop_id) == shop_id, col(GoodsStateRow.sku).in_(wanted))
        return {row.sku: row for row in self._session.exec(query)}

    def is_behind(self, tables: Iterable[str]) -> bool:
        """Say whether no article has a row though the data version (its lake tables) holds some."""
        known = self._session.exec(select(GoodsStateRow.sku).limit(1)).first()
        return known is None and not set(SOURCES).isdisjoint(tables)

    def all(self) -> pa.Table:
        """Give every row, by shop and sku."""
        query = select(_TABLE).order_by(_TABLE.c.shop_id, _TABLE.c.sku)
        rows = self._session.connection().execute(query).mappings().all()
        return pa.Table.from_pylist([dict(row) for row in rows], schema=GOODS_STATE_SCHEMA)
