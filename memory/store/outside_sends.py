"""What other tools sent, per person: such messages take slots under frequency caps as our own do."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import pyarrow as pa
from sqlalchemy import BigInteger, Column, Index, Row, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, select

from memory.domain.facts import INSTANT

from .instants import to_micros
from .outbox import IDS_PER_QUERY, OutboxRow

OUTSIDE_SCHEMA = pa.schema([("subject_id", pa.string()), ("message_class", pa.string()), ("at", INSTANT)])


class OutsideSendRow(SQLModel, table=True):
    """One message that another tool sent to one person."""

    __tablename__ = "outside_send"
    __table_args__ = (
        Index("outside_send_person", "subject_id", "sent_at"),
        Index("outside_send_shop", "shop_id", "sent_at"),
    )

    fact_id: str = Field(primary_key=True)
    """Of the imported event: the same event is the same message."""
    shop_id: str
    subject_id: str
    message_class: str
    sent_at: int = Field(sa_column=Column(BigInteger, nullable=False))


_TABLE = cast(Any, OutsideSendRow).__table__
_OUTBOX = cast(Any, OutboxRow).__table__


class OutsideSends:
    """Reads and writes what other tools sent."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session
        self._connection = session.connection()

    def put(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add messages (columns of `OutsideSendRow`); an event that is told anew replaces what it said."""
        insert: Any = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(OutsideSendRow)
        names = ("subject_id", "message_class", "sent_at")
        statement = statement.on_conflict_do_update(
            index_elements=["fact_id"], set_={name: statement.excluded[name] for name in names}
        )
        for start in range(0, len(rows), IDS_PER_QUERY):
            self._connection.execute(statement, [dict(row) for row in rows[start : start + IDS_PER_QUERY]])

    def forget_before(self, shop_id: str, before: datetime) -> None:
        """Delete messages that are older: no window reaches so far back."""
        old = (_TABLE.c.shop_id == shop_id, _TABLE.c.sent_at < to_micros(before))
        self._connection.execute(delete(_TABLE).where(*old))

    def ours(self, shop_id: str, message_ids: Iterable[str]) -> set[str]:
        """Give those of these message ids that name our own messages, by send key or receipt: they hold a slot."""
        found: set[str] = set()
        for ids in _chunks(message_ids):
            for name in (_OUTBOX.c.send_key, _OUTBOX.c.receipt):
                query = select(name, _OUTBOX.c.shop_id).where(name.in_(ids))
                found |= {of_ours for of_ours, shop in self._connection.execute(query) if shop == shop_id}
        return found

    def cap_slots(self, subject_ids: Iterable[str], since: datetime, now: datetime) -> Sequence[Row[Any]]:
        """Give (person_id, message_class, claimed_at, send_key) as `Outbox.cap_slots` does, of all shops.

        A send dated ahead counts once its time has come: a wrong year would else block the person for good.
        """
        found: list[Any] = []
        columns: list[Any] = [
            _TABLE.c.subject_id.label("person_id"), _TABLE.c.message_class, _TABLE.c.sent_at.label("claimed_at"),
            _TABLE.c.fact_id.label("send_key"),
        ]  # fmt: skip
        for ids in _chunks(subject_ids):
            query = select(*columns).where(_TABLE.c.subject_id.in_(ids), *_between(since, now))
            found.extend(self._connection.execute(query).all())
        return found

    def since(self, shop_id: str, since: datetime, now: datetime) -> pa.Table:
        """Give a shop's messages since then, up to now, as `OUTSIDE_SCHEMA`."""
        query = select(_TABLE.c.subject_id, _TABLE.c.message_class, _TABLE.c.sent_at).where(
            _TABLE.c.shop_id == shop_id, *_between(since, now)
        )
        return as_table(self._connection.execute(query).all())


def _between(since: datetime, now: datetime) -> tuple[Any, Any]:
    return _TABLE.c.sent_at > to_micros(since), _TABLE.c.sent_at <= to_micros(now)


def as_table(rows: Sequence[Any]) -> pa.Table:
    """Give (subject id, message class, microseconds) as `OUTSIDE_SCHEMA`."""
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return pa.table([pa.array(columns[i], OUTSIDE_SCHEMA.types[i]) for i in range(3)], schema=OUTSIDE_SCHEMA)


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), IDS_PER_QUERY):
        yield ordered[start : start + IDS_PER_QUERY]
