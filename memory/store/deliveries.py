"""Deliveries: what providers told us about messages, once per event id, and how far each message has come.

`provider_event` keeps every event for the life of its message, so that one that comes again days later changes
nothing. `delivery` holds the furthest state per message.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

import pyarrow as pa
from sqlalchemy import BigInteger, Column, CursorResult, Index, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select, update

from memory.domain.delivery import PROGRESS, DeliveryState
from memory.domain.facts import INSTANT

from .instants import from_micros, to_micros
from .outbox import SETTLED_NOT_SENT, SETTLED_SENT, OutboxRow


class ProviderEventRow(SQLModel, table=True):
    """One event of a provider. Names no person by contact data."""

    __tablename__ = "provider_event"
    __table_args__ = (Index("provider_event_message", "shop_id", "send_key"),)

    shop_id: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    send_key: str = ""
    """The message; empty where the event names none of ours."""
    channel: str
    kind: str
    detail: str = ""
    at: int = Field(sa_column=Column(BigInteger, nullable=False))
    arrived_at: int = Field(sa_column=Column(BigInteger, nullable=False))


class DeliveryRow(SQLModel, table=True):
    """How far a message has come."""

    __tablename__ = "delivery"

    send_key: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    channel: str
    state: str
    rank: int
    at: int = Field(sa_column=Column(BigInteger, nullable=False))


HANDED_SCHEMA = pa.schema(
    [
        ("send_key", pa.string()),
        ("person_id", pa.string()),
        ("step_id", pa.string()),
        ("first_channel", pa.string()),
        ("handed_at", INSTANT),
    ]
)


ACTS_SCHEMA = pa.schema([("send_key", pa.string()), ("act", pa.string()), ("is_machine", pa.bool_()), ("at", INSTANT)])


class Deliveries:
    """Reads and writes what became of messages after their hand-off."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session
        self._connection = session.connection()

    def note(
        self, shop_id: str, source: str, event_id: str, *, send_key: str, channel: str, kind: str, detail: str,
        at: datetime, arrived_at: datetime,
    ) -> bool:  # fmt: skip
        """Keep an event; false where it is known already."""
        statement = self._insert(ProviderEventRow).on_conflict_do_nothing().returning(col(ProviderEventRow.event_id))
        values = {
            "shop_id": shop_id, "source": source, "event_id": event_id, "send_key": send_key, "channel": channel,
            "kind": kind, "detail": detail[:200], "at": to_micros(at), "arrived_at": to_micros(arrived_at),
        }  # fmt: skip
        return self._is_written(statement, values)

    def advance(self, shop_id: str, send_key: str, channel: str, state: DeliveryState, at: datetime) -> bool:
        """Move a message forward; false where it has come as far already. It never moves back."""
        rank = PROGRESS[state]
        statement = self._insert(DeliveryRow)
        moved = {name: statement.excluded[name] for name in ("state", "rank", "at")}
        statement = statement.on_conflict_do_update(
            index_elements=["send_key"], set_=moved, where=col(DeliveryRow.rank) < rank
        ).returning(col(DeliveryRow.send_key))
        values = {
            "send_key": send_key, "shop_id": shop_id, "channel": channel, "state": state, "rank": rank,
            "at": to_micros(at),
        }  # fmt: skip
        return self._is_written(statement, values)

    def state_of(self, send_key: str) -> str:
        """Give how far a message has come; empty where nothing was heard."""
        row = self._session.get(DeliveryRow, send_key, populate_existing=True)
        return row.state if row else ""

    def message(self, shop_id: str, *, send_key: str = "", receipt: str = "") -> OutboxRow | None:
        """Give one of the shop's messages by its key, or by the provider's receipt."""
        if send_key:
            row = self._session.get(OutboxRow, send_key, populate_existing=True)
            return row if row is not None and row.shop_id == shop_id else None
        if not receipt:
            return None
        query = select(OutboxRow).where(OutboxRow.shop_id == shop_id, OutboxRow.receipt == receipt)
        return self._session.exec(query.limit(1)).first()

    def receipts(self, shop_id: str, person_id: str) -> frozenset[str]:
        """Give the receipts of a person's messages: what a look-up must not take for another message."""
        query = select(OutboxRow.receipt).where(
            OutboxRow.shop_id == shop_id, OutboxRow.person_id == person_id, OutboxRow.receipt != ""
        )
        return frozenset(self._session.exec(query))

    def settle(self, send_key: str, receipt: str, now: datetime) -> bool:
        """Turn an `unknown` message into a sent one: its provider spoke for it. It keeps its slot and its budget.

        A provider knows better than a person who had settled it as not sent.
        """
        is_open = (col(OutboxRow.state) == "unknown") | (
            (col(OutboxRow.state) == "failed") & (col(OutboxRow.reason) == SETTLED_NOT_SENT)
        )
        statement = (
            update(OutboxRow)
            .where(col(OutboxRow.send_key) == send_key, is_open)
            .values(state="sent", reason="", receipt=receipt, finished_at=to_micros(now))
        )
        return cast(CursorResult[Any], self._connection.execute(statement)).rowcount == 1

    def settle_by_hand(self, send_key: str, *, has_left: bool, now: datetime) -> bool:
        """Write what a person found out about an `unknown` message; false where it is not unknown any more.

        One that left counts from its hand-off, keeps its slot and its budget; one that did not gives its slot back.
        """
        state, reason = ("sent", SETTLED_SENT) if has_left else ("failed", SETTLED_NOT_SENT)
        tried = func.coalesce(func.nullif(col(OutboxRow.claimed_at), 0), to_micros(now))
        statement = (
            update(OutboxRow)
            .where(col(OutboxRow.send_key) == send_key, col(OutboxRow.state) == "unknown")
            .values(state=state, reason=reason, finished_at=tried if has_left else to_micros(now))
        )
        return cast(CursorResult[Any], self._connection.execute(statement)).rowcount == 1

    def reacted(self, send_keys: Sequence[str], kinds: Sequence[str]) -> frozenset[str]:
        """Give which of these messages an event of one of the kinds names."""
        query = select(ProviderEventRow.send_key).where(
            col(ProviderEventRow.send_key).in_(send_keys), col(ProviderEventRow.kind).in_(kinds)
        )
        return frozenset(self._session.exec(query))

    def acts(self, shop_id: str, plan_ids: Iterable[str]) -> pa.Table:
        """Give (send_key, act, is_machine, at) of what providers said of these plans' messages."""
        query = (
            select(ProviderEventRow.send_key, ProviderEventRow.kind, ProviderEventRow.detail, ProviderEventRow.at)
            .join(OutboxRow, col(OutboxRow.send_key) == col(ProviderEventRow.send_key))
            .where(ProviderEventRow.shop_id == shop_id, col(OutboxRow.plan_id).in_(sorted(plan_ids)))
        )
        rows = [
            {
                "send_key": send_key,
                "act": detail.removeprefix("machine ") if kind == "other" else kind,
                "is_machine": kind == "other",
                "at": from_micros(at),
            }
            for send_key, kind, detail, at in self._session.exec(query)
        ]
        return pa.Table.from_pylist(rows, schema=ACTS_SCHEMA)

    def outbox_counts(self, shop_id: str, plan_id: str | None = None) -> list[tuple[str, str, str, int]]:
        """Give (channel, state, reason, number of messages) of the shop's messages, or of one plan's."""
        groups = (OutboxRow.channel, OutboxRow.state, OutboxRow.reason)
        query = select(*groups, func.count()).where(OutboxRow.shop_id == shop_id)
        query = query.where(OutboxRow.plan_id == plan_id) if plan_id else query
        rows = self._connection.execute(query.group_by(*groups).order_by(*groups))
        return [(channel, state, reason, n) for channel, state, reason, n in rows]

    def by_channel(self, shop_id: str) -> list[tuple[str, str, int]]:
        """Give (channel, kind, number of messages) of everything heard."""
        query = select(ProviderEventRow.channel, ProviderEventRow.kind, func.count()).where(
            ProviderEventRow.shop_id == shop_id
        )
        query = query.group_by(ProviderEventRow.channel, ProviderEventRow.kind)
        query = query.order_by(ProviderEventRow.channel, ProviderEventRow.kind)
        return [(channel, kind, n) for channel, kind, n in self._connection.execute(query)]

    def by_cohort(self, shop_id: str, plan_id: str) -> list[tuple[str, str, int]]:
        """Give (cohort, kind, number of messages) of everything heard about a plan's messages."""
        query = (
            select(OutboxRow.cohort, ProviderEventRow.kind, func.count(col(OutboxRow.send_key).distinct()))
            .join(OutboxRow, col(OutboxRow.send_key) == ProviderEventRow.send_key)
            .where(ProviderEventRow.shop_id == shop_id, OutboxRow.plan_id == plan_id)
            .group_by(OutboxRow.cohort, ProviderEventRow.kind)
            .order_by(OutboxRow.cohort, ProviderEventRow.kind)
        )
        return [(cohort, kind, n) for cohort, kind, n in self._connection.execute(query)]

    def handed_off(self, plan_id: str, step_id: str, not_on: str, since: datetime, until: datetime) -> pa.Table:
        """Give a step's messages that a provider took in the half-open interval, on any channel but `not_on`.

        Columns: send_key, person_id, step_id, first_channel, handed_at; in order of their keys.
        """
        table = OutboxRow.__table__  # type: ignore[attr-defined]
        names = ("send_key", "person_id", "step_id", "channel", "finished_at")
        query = select(*[table.c[name] for name in names]).where(
            table.c.plan_id == plan_id,
            table.c.state == "sent",
            table.c.step_id == step_id,
            table.c.channel != not_on,
            table.c.finished_at >= to_micros(since),
            table.c.finished_at < to_micros(until),
        )
        rows = self._connection.execute(query.order_by(table.c.send_key)).all()
        columns = list(zip(*rows, strict=True)) or [()] * len(HANDED_SCHEMA)
        return pa.table(
            [pa.array(columns[i], kind) for i, kind in enumerate(HANDED_SCHEMA.types)], schema=HANDED_SCHEMA
        )

    def n_since(self, shop_id: str, channel: str, kind: str, since: datetime) -> int:
        """Give how many events of a kind arrived since then."""
        query = select(func.count()).select_from(ProviderEventRow)
        query = query.where(ProviderEventRow.shop_id == shop_id, ProviderEventRow.channel == channel)
        query = query.where(ProviderEventRow.kind == kind, ProviderEventRow.arrived_at >= to_micros(since))
        return int(self._connection.execute(query).scalar_one())

    def _is_written(self, statement: Any, values: dict[str, Any]) -> bool:
        """Say whether an insert wrote its row: asked by what it returns, as PostgreSQL counts no rows of an insert."""
        return self._connection.execute(statement, values).first() is not None

    def _insert(self, table: Any) -> Any:
        is_postgres = self._connection.dialect.name == "postgresql"
        return (postgresql.insert if is_postgres else sqlite.insert)(table)
