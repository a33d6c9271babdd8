"""Store credit: who holds it (their message left), and what was used of it at the till; one row per use."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import BigInteger, Column, Index, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, select

from .outbox import OutboxRow

GONE = ("claimed", "sent", "unknown")
"""States of messages that left, or may have: who may have read of a credit holds it."""


class CreditUseRow(SQLModel, table=True):
    """The row of one use; numbered per holder, and one per request of a shop."""

    __tablename__ = "credit_use"
    __table_args__ = (Index("ix_credit_use_request", "shop_id", "request_id", unique=True),)

    shop_id: str = Field(primary_key=True)
    plan_id: str = Field(primary_key=True)
    offer_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True, index=True)
    use_no: int = Field(primary_key=True)
    request_id: str
    amount_minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    used_at: datetime


class Credits:
    """Reads who holds credit and writes what was used."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def offers(self, shop_id: str) -> tuple[tuple[str, str], ...]:
        """Give (plan id, offer id) of every offer that a message of the shop carried."""
        query = select(_SENT.plan_id, _SENT.offer_id).where(
            _SENT.shop_id == shop_id, _SENT.offer_id != "", _SENT.state.in_(GONE)
        )
        return tuple(sorted((plan, offer) for plan, offer in self._session.connection().execute(query.distinct())))

    def holders(self, shop_id: str, plan_id: str, offer_id: str) -> pa.Table:
        """Give who was told of an offer: person_id, each once, under the pseudonym of the message."""
        query = select(_SENT.person_id).where(*self._carrying(shop_id, plan_id, offer_id)).distinct()
        found = [row[0] for row in self._session.connection().execute(query)]
        return pa.table({"person_id": pa.array(found, pa.string())})

    def holds(self, shop_id: str, plan_id: str, offer_id: str, subject_ids: Iterable[str]) -> bool:
        """Say whether any of these pseudonyms was told of an offer, and keep their other uses of it waiting.

        The messages that told them are locked until this transaction ends: two uses at once take turns.
        """
        mine = (*self._carrying(shop_id, plan_id, offer_id), _SENT.person_id.in_(sorted(subject_ids)))
        told = select(_SENT.send_key).where(*mine).order_by(_SENT.send_key).with_for_update()
        return bool(self._session.connection().execute(told).all())

    def uses(self, shop_id: str, plan_id: str, offer_id: str, subject_ids: Iterable[str] | None = None) -> pa.Table:
        """Give what was used of an offer: person_id, request_id; one row per use, of some pseudonyms where given."""
        query = select(_USE.person_id, _USE.request_id).where(*_of(shop_id, plan_id, offer_id, subject_ids))
        rows = self._session.connection().execute(query).all()
        people, requests = zip(*rows, strict=True) if rows else ((), ())
        return pa.table({"person_id": pa.array(people, pa.string()), "request_id": pa.array(requests, pa.string())})

    def used_in_other_plans(
        self, shop_id: str, plan_id: str, offer_id: str, subject_ids: Iterable[str] | None = None
    ) -> pa.Table:
        """Give what tills used of other plans' offers of this name: request_id; of some pseudonyms where given."""
        others = [_USE.shop_id == shop_id, _USE.plan_id != plan_id, _USE.offer_id == offer_id]
        if subject_ids is not None:
            others.append(_USE.person_id.in_(sorted(subject_ids)))
        found = [row[0] for row in self._session.connection().execute(select(_USE.request_id).where(*others))]
        return pa.table({"request_id": pa.array(found, pa.string())})

    def next_no(self, shop_id: str, plan_id: str, offer_id: str, person_id: str) -> int:
        """Give the number of a pseudonym's next use; whoever calls asked `holds`, so that nobody else takes it."""
        query = select(func.max(_USE.use_no)).where(*_of(shop_id, plan_id, offer_id, (person_id,)))
        last: int | None = self._session.connection().execute(query).scalar()
        return 0 if last is None else last + 1

    def of_request(self, shop_id: str, request_id: str) -> CreditUseRow | None:
        """Give the use that a request made, none where its id is new."""
        query = select(CreditUseRow).where(_USE.shop_id == shop_id, _USE.request_id == request_id)
        return self._session.exec(query.execution_options(populate_existing=True)).first()

    def use(self, row: CreditUseRow) -> bool:
        """Keep a use; false where its request made one already, also for somebody who asked at the same time."""
        connection = self._session.connection()
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(CreditUseRow).values(row.model_dump()).on_conflict_do_nothing()
        made = connection.execute(statement.returning(CreditUseRow.__table__.c.use_no))  # type: ignore[attr-defined]
        return made.first() is not None

    def _carrying(self, shop_id: str, plan_id: str, offer_id: str) -> tuple[Any, ...]:
        told = _SENT.state.in_(GONE)
        return (_SENT.shop_id == shop_id, _SENT.plan_id == plan_id, _SENT.offer_id == offer_id, told)


def _of(shop_id: str, plan_id: str, offer_id: str, subject_ids: Iterable[str] | None) -> tuple[Any, ...]:
    mine = (_USE.shop_id == shop_id, _USE.plan_id == plan_id, _USE.offer_id == offer_id)
    return mine if subject_ids is None else (*mine, _USE.person_id.in_(sorted(subject_ids)))


_SENT: Any = OutboxRow
_USE: Any = CreditUseRow
