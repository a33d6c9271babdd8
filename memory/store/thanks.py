"""Thank-you pages: settings, orders with their codes, and what was clicked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlalchemy import JSON, BigInteger, Column, Index, bindparam, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.facts import INSTANT
from memory.domain.money import Money
from memory.domain.thanks import ThanksOrder, ThanksSettings

PAGES_SCHEMA = pa.schema(
    [("order_ref", pa.string()), ("person_id", pa.string()), ("arm", pa.string()), ("opened_at", INSTANT)]
)
CLICKS_SCHEMA = pa.schema(
    [("order_ref", pa.string()), ("person_id", pa.string()), ("target", pa.string()), ("clicked_at", INSTANT)]
)
EARLIER_ORDERS = 20
"""So many of a person's orders are looked at for what they have already."""


class ThanksSettingRow(SQLModel, table=True):
    """The row of one shop's settings."""

    __tablename__ = "thanks_setting"

    shop_id: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    set_by: str
    set_at: datetime
    prepared_at: datetime | None = None
    """When the goods' facts were read, once they are there."""
    begun_at: datetime | None = None
    """Since when a worker prepares them; none where nobody does."""


class ThanksOrderRow(SQLModel, table=True):
    """The row of one order's page."""

    __tablename__ = "thanks_order"
    __table_args__ = (
        Index("ix_thanks_order_person", "shop_id", "person_id"),
        Index("ix_thanks_order_code", "shop_id", "code", unique=True),
        Index("ix_thanks_order_share", "shop_id", "share_code"),
    )

    shop_id: str = Field(primary_key=True)
    order_ref: str = Field(primary_key=True)
    person_id: str = ""
    market: str
    skus: list[str] = Field(sa_column=Column(JSON, nullable=False))
    arm: str
    opened_at: datetime
    code: str | None = None
    code_expires_at: datetime | None = None
    code_off_minor: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    code_min_minor: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    code_currency: str | None = None
    code_used_by: str | None = None
    code_used_at: datetime | None = None
    code_refused: str | None = None
    share_code: str | None = None


class ThanksClickRow(SQLModel, table=True):
    """The row of one thing clicked on one order's page; again is as good as once."""

    __tablename__ = "thanks_click"
    __table_args__ = (Index("ix_thanks_click_person", "shop_id", "person_id"),)

    shop_id: str = Field(primary_key=True)
    order_ref: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    person_id: str = ""
    at: datetime


_OWNED = (
    select(col(ThanksOrderRow.skus))
    .where(col(ThanksOrderRow.shop_id) == bindparam("shop"), col(ThanksOrderRow.person_id) == bindparam("person"))
    .order_by(col(ThanksOrderRow.opened_at).desc())
    .limit(EARLIER_ORDERS)
)
"""Made once: to build a statement takes longer than to run it."""


class Thanks:
    """Reads and writes thank-you pages."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def settings(self, shop_id: str) -> ThanksSettings | None:
        """Give a shop's settings, or none where nobody made them."""
        row = self._session.get(ThanksSettingRow, shop_id, populate_existing=True)
        return None if row is None else ThanksSettings.model_validate(row.content)

    def put_settings(self, shop_id: str, settings: ThanksSettings, by: str, at: datetime) -> None:
        """Set a shop's settings; pages and codes that were given stay as they are."""
        known = self._session.get(ThanksSettingRow, shop_id, populate_existing=True)
        row = known or ThanksSettingRow(shop_id=shop_id, content={}, set_by=by, set_at=at)
        row.content, row.set_by, row.set_at = settings.model_dump(mode="json"), by, at
        self._session.add(row)
        self._session.flush()

    def begin_preparing(self, shop_id: str, now: datetime, every: timedelta, patience: timedelta) -> bool:
        """Say whether goods are due to be prepared in a shop that has a page, and claim it: of several one begins.

        Whoever claimed it and was not done after `patience` failed, and another one begins.
        """
        last, begun = col(ThanksSettingRow.prepared_at), col(ThanksSettingRow.begun_at)
        statement = (
            update(ThanksSettingRow)
            .where(
                col(ThanksSettingRow.shop_id) == shop_id,
                or_(last.is_(None), last <= now - every),
                or_(begun.is_(None), begun <= now - patience),
            )
            .values(begun_at=now)
        )
        n_begun = self._session.connection().execute(statement).rowcount
        self._session.expire_all()
        return bool(n_begun)

    def end_preparing(self, shop_id: str, at: datetime) -> None:
        """Note that goods were prepared from the facts of an instant."""
        mine = update(ThanksSettingRow).where(col(ThanksSettingRow.shop_id) == shop_id)
        self._session.connection().execute(mine.values(prepared_at=at, begun_at=None))
        self._session.expire_all()

    def add(self, shop_id: str, order: ThanksOrder) -> bool:
        """Add an order's page; one that is there stays. Say whether it is new."""
        off, least = order.code_off, order.code_min_spend
        values = order.model_dump(exclude={"code_off", "code_min_spend"}) | {
            "shop_id": shop_id,
            "skus": list(order.skus),
            "code_off_minor": off.amount_minor if off else None,
            "code_min_minor": least.amount_minor if least else None,
            "code_currency": off.currency if off else None,
        }
        connection = self._session.connection()
        dialect = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        keys = ["shop_id", "order_ref"]
        statement = dialect(ThanksOrderRow).values(**values).on_conflict_do_nothing(index_elements=keys)
        return bool(connection.execute(statement).rowcount)

    def get(self, shop_id: str, order_ref: str) -> ThanksOrder | None:
        """Give an order's page, or none."""
        row = self._session.get(ThanksOrderRow, (shop_id, order_ref), populate_existing=True)
        return None if row is None else _order(row)

    def by_code(self, shop_id: str, code: str) -> ThanksOrder | None:
        """Give the order that a code came with, or none."""
        query = select(ThanksOrderRow).where(ThanksOrderRow.shop_id == shop_id, ThanksOrderRow.code == code)
        row = self._session.exec(query).first()
        return None if row is None else _order(row)

    def by_share_code(self, shop_id: str, share_code: str) -> str | None:
        """Give whose recommendation a code stands for, or none."""
        query = select(ThanksOrderRow.person_id).where(
            ThanksOrderRow.shop_id == shop_id, ThanksOrderRow.share_code == share_code
        )
        return self._session.exec(query).first()

    def use_code(self, shop_id: str, code: str, order_ref: str, at: datetime) -> bool:
        """Use a code up; false where another one was faster."""
        statement = (
            update(ThanksOrderRow)
            .where(
                col(ThanksOrderRow.shop_id) == shop_id,
                col(ThanksOrderRow.code) == code,
                col(ThanksOrderRow.code_used_by).is_(None),
            )
            .values(code_used_by=order_ref, code_used_at=at)
        )
        n_used = self._session.connection().execute(statement).rowcount
        self._session.expire_all()
        return bool(n_used)

    def click(self, shop_id: str, order: ThanksOrder, target: str, at: datetime) -> None:
        """Note that something was clicked; again is as good as once."""
        connection = self._session.connection()
        dialect = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        values = {"shop_id": shop_id, "order_ref": order.order_ref, "target": target, "person_id": order.person_id}
        connection.execute(dialect(ThanksClickRow).values(**values, at=at).on_conflict_do_nothing())

    def has_clicked(self, shop_id: str, order_ref: str, target: str) -> bool:
        """Say whether it was clicked already."""
        return self._session.get(ThanksClickRow, (shop_id, order_ref, target)) is not None

    def clicks(self, shop_id: str) -> pa.Table:
        """Give (order_ref, person_id, target, clicked_at) of everything clicked, in order."""
        rows = self._session.exec(
            select(ThanksClickRow.order_ref, ThanksClickRow.person_id, ThanksClickRow.target, ThanksClickRow.at)
            .where(ThanksClickRow.shop_id == shop_id)
            .order_by(col(ThanksClickRow.order_ref), col(ThanksClickRow.target))
        ).all()
        return _table(rows, CLICKS_SCHEMA)

    def pages(self, shop_id: str) -> pa.Table:
        """Give (order_ref, person_id, arm, opened_at) of every page of a known person, in order of time."""
        rows = self._session.exec(
            select(ThanksOrderRow.order_ref, ThanksOrderRow.person_id, ThanksOrderRow.arm, ThanksOrderRow.opened_at)
            .where(ThanksOrderRow.shop_id == shop_id, ThanksOrderRow.person_id != "")
            .order_by(col(ThanksOrderRow.opened_at), col(ThanksOrderRow.order_ref))
        ).all()
        return _table(rows, PAGES_SCHEMA)

    def owned(self, shop_id: str, person_id: str) -> frozenset[str]:
        """Give what a person's orders with a page hold."""
        if not person_id:
            return frozenset()
        rows = self._session.connection().execute(_OWNED, {"shop": shop_id, "person": person_id})
        return frozenset(sku for skus in rows.scalars() for sku in skus)


def _table(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(one, kind) for one, kind in zip(columns, schema.types, strict=True)]
    return pa.table(arrays, schema=schema)


def _order(row: ThanksOrderRow) -> ThanksOrder:
    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(amount_minor=minor, currency=str(row.code_currency))

    plain = row.model_dump(include=set(ThanksOrder.model_fields) - {"code_off", "code_min_spend"})
    return ThanksOrder(**plain, code_off=money(row.code_off_minor), code_min_spend=money(row.code_min_minor))
