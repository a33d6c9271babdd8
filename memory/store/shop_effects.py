"""Learned effects: one row per shop, replaced when they are learned again, and when a worker last began to."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Text, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.learned import ShopEffects

from .instants import to_micros


class ShopEffectsRow(SQLModel, table=True):
    """What a shop's own log taught about single people."""

    __tablename__ = "shop_effects"

    shop_id: str = Field(primary_key=True)
    data_version: int = Field(sa_column=Column(BigInteger, nullable=False))
    learned_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    content: str = Field(sa_column=Column(Text, nullable=False))
    trees: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    """Boosted trees by kind of message, as JSON; empty where there are none."""


class EffectsBegunRow(SQLModel, table=True):
    """When a worker last began to learn a shop's effects by itself, whatever came of it."""

    __tablename__ = "effects_begun"

    shop_id: str = Field(primary_key=True)
    begun_at: int = Field(sa_column=Column(BigInteger, nullable=False))


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
            trees=_trees_text(found),
        )
        self._session.merge(row)
        self._session.flush()

    def get(self, shop_id: str) -> ShopEffects | None:
        """Give what the shop learned last; none where it never did."""
        row = self._session.get(ShopEffectsRow, shop_id)
        return None if row is None else ShopEffects.model_validate_json(row.content)

    def trees(self, shop_id: str) -> str:
        """Give the trees kept beside what the shop learned last, as JSON by kind; empty where there are none."""
        query = select(ShopEffectsRow.trees).where(ShopEffectsRow.shop_id == shop_id)
        return self._session.exec(query).first() or ""

    def begin(self, shop_id: str, now: datetime, every: timedelta) -> bool:
        """Note that learning begins; false, and nothing noted, where it began within `every`. One statement decides.

        A beginning that lies ahead was noted by a clock that was ahead, and counts for nothing.
        """
        insert: Any = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        begun, at = col(EffectsBegunRow.begun_at), to_micros(now)
        statement = insert(EffectsBegunRow).values(shop_id=shop_id, begun_at=at)
        statement = statement.on_conflict_do_update(
            index_elements=["shop_id"],
            set_={"begun_at": at},
            where=or_(begun <= to_micros(now - every), begun > at),
        ).returning(col(EffectsBegunRow.shop_id))
        return self._session.connection().execute(statement).first() is not None


def _trees_text(found: ShopEffects) -> str:
    boosted = [(one.kind, one.boosted.trees) for one in found.kinds if one.boosted is not None]
    kept = {kind: trees.model_dump(mode="json") for kind, trees in boosted if trees is not None}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")) if kept else ""
