"""The shop's figures of now: one row per shop, written by whoever read the facts last."""

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field, Session, SQLModel, select

from memory.domain.figures import ShopFigures


class FiguresRow(SQLModel, table=True):
    """The row of one shop."""

    __tablename__ = "shop_figures"

    shop_id: str = Field(primary_key=True)
    data_version: int = Field(sa_column=Column(BigInteger, nullable=False))
    content: str = Field(sa_column=Column(Text, nullable=False))


class Figures:
    """Reads and writes the shops' figures."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def get(self, shop_id: str) -> ShopFigures | None:
        """Give the shop's figures; none where nobody read them yet."""
        row = self._session.get(FiguresRow, shop_id)
        return None if row is None else ShopFigures.model_validate_json(row.content)

    def version(self, shop_id: str) -> int | None:
        """Give the data version of the shop's figures; none where nobody read them yet."""
        query = select(FiguresRow.data_version).where(FiguresRow.shop_id == shop_id)
        found: int | None = self._session.connection().execute(query).scalar()
        return found

    def put(self, figures: ShopFigures) -> None:
        """Keep the figures, unless those of newer facts are there already."""
        row = self._session.get(FiguresRow, figures.shop_id, with_for_update=True, populate_existing=True)
        if row is None:
            row = FiguresRow(shop_id=figures.shop_id, data_version=-1, content="")
        if figures.data_version >= row.data_version:
            row.data_version, row.content = figures.data_version, figures.model_dump_json()
            self._session.add(row)
            self._session.flush()
