"""Shops: the organisation's shops with their currency, zone and sender."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.errors import Conflict, NotFound
from memory.domain.market import Shop


class ShopRow(SQLModel, table=True):
    """The row of a shop."""

    __tablename__ = "shop"
    __table_args__ = (
        CheckConstraint("length(shop_id) BETWEEN 1 AND 64", name="shop_id_length"),
        CheckConstraint("length(currency) = 3", name="shop_currency_iso"),
        CheckConstraint("length(home_market) = 2", name="shop_home_market_iso"),
    )

    shop_id: str = Field(primary_key=True)
    name: str
    currency: str
    zone: str
    home_market: str
    sender_email: str
    postal_address: str
    website: str


class Shops:
    """Reads and writes shops."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def get(self, shop_id: str) -> Shop:
        """Give a shop by id; raise `NotFound`."""
        row = self._session.get(ShopRow, shop_id)
        if row is None:
            raise NotFound(kind="shop", id=shop_id)
        return _shop(row)

    def add(self, shop: Shop) -> None:
        """Add a new shop; raise `Conflict` where the id is taken."""
        if self._session.get(ShopRow, shop.shop_id) is not None:
            raise Conflict(what=f"shop {shop.shop_id}", why="a shop of that id exists")
        self.put(shop)

    def put(self, shop: Shop) -> None:
        """Add the shop or replace what is known of it."""
        self._session.merge(ShopRow(**shop.model_dump()))
        self._session.flush()

    def all(self) -> tuple[Shop, ...]:
        """Give all shops in order of their ids."""
        return tuple(_shop(row) for row in self._session.exec(select(ShopRow).order_by(col(ShopRow.shop_id))))


def _shop(row: ShopRow) -> Shop:
    return Shop.model_validate(row.model_dump())
