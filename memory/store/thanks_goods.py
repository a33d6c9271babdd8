"""Goods prepared for thank-you pages: what follows from an article, a category or the whole shop, by look-ups.

Statements are made once, and rows are plain: to build either takes longer than the database does.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pyarrow as pa
from sqlalchemy import BigInteger, Column, bindparam, delete, insert
from sqlalchemy import select as select_many  # SQLModel's own knows four columns
from sqlmodel import Field, Session, SQLModel, col, select

from .goods_state import GoodsStateRow
from .shops import ShopRow

ROWS_PER_STATEMENT = 10_000
THANKS_GOODS_SCHEMA = pa.schema(
    [
        ("sku", pa.string()),
        ("title", pa.string()),
        ("url", pa.string()),
        ("image_url", pa.string()),
        ("category", pa.string()),
    ]
)
THANKS_PAIRS_SCHEMA = pa.schema(
    [
        ("anchor", pa.string()),  # an article, `=category`, or `*` for the whole shop
        ("place", pa.int64()),
        ("sku", pa.string()),
        ("rule", pa.string()),
        ("n_together", pa.int64()),
    ]
)


class ThanksGoodsRow(SQLModel, table=True):
    """The row of one article that has a page."""

    __tablename__ = "thanks_goods"

    shop_id: str = Field(primary_key=True)
    sku: str = Field(primary_key=True)
    title: str
    url: str
    image_url: str
    category: str


class ThanksPairRow(SQLModel, table=True):
    """The row of one article that follows from an anchor."""

    __tablename__ = "thanks_pair"

    shop_id: str = Field(primary_key=True)
    anchor: str = Field(primary_key=True)
    place: int = Field(primary_key=True)
    sku: str
    rule: str
    n_together: int = Field(sa_column=Column(BigInteger, nullable=False))


class Follower(NamedTuple):
    """One article that follows from an anchor and can be bought at this instant."""

    place: int
    """Its place after the anchor, 0 the first."""
    rule: str
    """Which rule chose it."""
    n_together: int
    """For a complement: how many orders hold both."""
    sku: str
    """The article."""
    title: str
    """Its name; untrusted."""
    url: str
    """Its page."""
    image_url: str
    """Its picture; empty for none."""
    price_minor: int
    """What it costs now."""
    currency: str
    """In which currency."""


_PLACES: Any = select(ThanksGoodsRow.sku, ThanksGoodsRow.url, ThanksGoodsRow.category).where(
    ThanksGoodsRow.shop_id == bindparam("shop"), col(ThanksGoodsRow.sku).in_(bindparam("skus", expanding=True))
)
_SHOWN: tuple[Any, ...] = (
    ThanksPairRow.place, ThanksPairRow.rule, ThanksPairRow.n_together, ThanksGoodsRow.sku, ThanksGoodsRow.title,
    ThanksGoodsRow.url, ThanksGoodsRow.image_url, GoodsStateRow.price_minor, GoodsStateRow.currency,
)  # fmt: skip
_FOLLOWING: Any = (
    select_many(*_SHOWN)
    .where(col(ThanksPairRow.shop_id) == bindparam("shop"))
    .where(col(ThanksPairRow.anchor).in_(bindparam("anchors", expanding=True)))
    .where(col(ThanksGoodsRow.shop_id) == bindparam("shop"), col(ThanksGoodsRow.sku) == col(ThanksPairRow.sku))
    .where(col(GoodsStateRow.shop_id) == bindparam("shop"), col(GoodsStateRow.sku) == col(ThanksPairRow.sku))
    .where(col(GoodsStateRow.is_active).is_(True), col(GoodsStateRow.n_available) > 0)
    .where(col(GoodsStateRow.price_minor).is_not(None))
)


_LOCK: Any = select(ShopRow.shop_id).where(ShopRow.shop_id == bindparam("shop")).with_for_update(key_share=True)


class PreparedGoods:
    """Reads and writes what blocks are made of."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def replace(self, shop_id: str, goods: pa.Table, pairs: pa.Table) -> None:
        """Put what was prepared in place of what there was (`THANKS_GOODS_SCHEMA`, `THANKS_PAIRS_SCHEMA`).

        Of two that come at once one waits for the other, on the shop's row: both would delete the rows of before and
        insert the same keys.
        """
        connection = self._session.connection()
        connection.execute(_LOCK, {"shop": shop_id})
        for row, schema, rows in (
            (ThanksGoodsRow, THANKS_GOODS_SCHEMA, goods),
            (ThanksPairRow, THANKS_PAIRS_SCHEMA, pairs),
        ):
            connection.execute(delete(row).where(col(row.shop_id) == shop_id))
            for batch in rows.select(schema.names).cast(schema).to_batches(max_chunksize=ROWS_PER_STATEMENT):
                if batch.num_rows:
                    connection.execute(insert(row), [{"shop_id": shop_id, **one} for one in batch.to_pylist()])
        self._session.expire_all()

    def places(self, shop_id: str, skus: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Give (page, category) of these articles."""
        given = {"shop": shop_id, "skus": sorted(set(skus))}
        return {sku: (url, category) for sku, url, category in self._session.connection().execute(_PLACES, given)}

    def following(self, shop_id: str, anchors: Iterable[str]) -> list[Follower]:
        """Give what follows from these anchors, is sold, in stock and has a price at this instant; in no order."""
        given = {"shop": shop_id, "anchors": sorted(set(anchors))}
        return [Follower(*row) for row in self._session.connection().execute(_FOLLOWING, given)]
