"""Learned effects: one row per shop, replaced when they are learned again."""

from typing import Any

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field, Session, SQLModel

from memory.domain.learned import ShopEffects

from .instants import to_micros


class ShopEffectsRow(SQLModel, table=True):
    """What a shop's own log taught about single people."""

    __tablename__ = "shop_effects"

    shop_id: str = Field(primary_key=True)
    data_version: int = Field(sa_column=Column(BigInteger, nullable=False))
    learned_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    content: str = Field(sa_column=Column(Text, nullable=False))


class LearnedEffectsStore:
    """Reads and writes learned effects."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, found: ShopEffects) -> None:
        """Keep what was learned in the place of what was learned before."""
        row: Any = ShopEffectsRow(
            shop_id=found.shop_id,
            data_version=found.data_version,
            learned_at=to_micros(found.learned_at),
            content=found.model_dump_json(),
        )
        self._session.merge(row)
        self._session.flush()

    def get(self, shop_id: str) -> ShopEffects | None:
        """Give what the shop learned last; none where it never did."""
        row = self._session.get(ShopEffectsRow, shop_id)
        return None if row is None else ShopEffects.model_validate_json(row.content)
