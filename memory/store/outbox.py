"""The outbox: one row per message that a tick decided to send, and what became of it.

States: `planned` waits for its instant; `claimed` holds a cap slot, budget and a lease; `sent`, `suppressed` and
`failed` are final; `unknown` means that nobody can say whether the provider took it, and it is never re-sent by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, cast

import pyarrow as pa
from sqlalchemy import BigInteger, Column, CursorResult, Index, Integer, Row, Text, bindparam, func, text
from sqlmodel import Field, Session, SQLModel, select, update

from memory.domain.facts import INSTANT
from memory.domain.message import SendState

from .bulk import insert_new
from .instants import to_micros

COUNTED: tuple[SendState, ...] = ("claimed", "sent", "unknown")
"""States that use up a cap slot."""
SETTLED_SENT, SETTLED_NOT_SENT = "settled_sent", "settled_not_sent"
"""Reasons of messages that were `unknown` until a person said what became of them."""
IDS_PER_QUERY = 5_000
SENT_SCHEMA = pa.schema(
    [("person_id", pa.string()), ("message_class", pa.string()), ("plan_id", pa.string()), ("at", INSTANT)]
)


_HELD = text("held_at > 0")


def _big(**more: Any) -> Any:
    return Column(BigInteger, **more)


class OutboxRow(SQLModel, table=True):
    """The row of one message. Names no person by contact data."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_due", "shop_id", "channel", "state", "send_at"),
        Index("outbox_person", "person_id", "state", "claimed_at"),
        Index("outbox_plan", "plan_id", "state", "cost_millis"),  # sums of a plan need no row
        Index("outbox_offer", "plan_id", "offer_id", "state"),
        Index("outbox_receipt", "receipt"),
        Index("outbox_held", "shop_id", "channel", "state", "held_at", sqlite_where=_HELD, postgresql_where=_HELD),
    )

    send_key: str = Field(primary_key=True)
    """Hash of shop, plan, step and person; also the provider's idempotency key."""
    shop_id: str
    plan_id: str
    batch_id: str
    step_id: str
    person_id: str
    cohort: str
    channel: str
    message_kind: str
    message_class: str
    template: str
    offer_id: str = ""
    market: str = ""
    language: str = ""
    zone: str = ""
    zone_source: str = "person"
    """Whether the zone is the person's own, or the market's or shop's default."""
    due_at: int = Field(sa_column=_big(nullable=False))
    """When it was decided to go out; it lapses a while after."""
    send_at: int = Field(sa_column=_big(nullable=False))
    """When it may be claimed; later than `due_at` where it was held."""
    held_at: int = Field(default=0, sa_column=_big(nullable=False, server_default="0"))
    """When somebody last let it wait; before that instant the wait says nothing (`memory.store.ahead`)."""
    cost_millis: int = Field(sa_column=_big(nullable=False))
    """What the claim reserves, in thousandths of a minor unit."""
    goods: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    """JSON of what it shows and where it leads; empty for the shop's front page alone."""
    notice_sku: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The article whose price or stock it tells of; empty for every other message."""
    first_key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """On a second channel, the key of the first channel's message."""
    engaged_at: int = Field(default=0, sa_column=_big(nullable=False, server_default="0"))
    """When the person last opened, clicked or ordered; who did so last goes first where a domain warms up."""
    extra_millis: int = Field(default=0, sa_column=_big(nullable=False, server_default="0"))
    """The part of `cost_millis` that the rendered text added."""
    body_hash: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Hash of what was first claimed under the key; a repeated hand-off says the same or does not happen."""
    subject_no: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    """Which of the template's subject lines it carries."""
    certificate: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    """The sealed certificate of its decision; a row without one is never handed off."""
    state: str = "planned"
    reason: str = ""
    worker: str = ""
    sender: str = ""
    """Name of the channel implementation that claimed it."""
    sender_kind: str = ""
    """Its provider kind."""
    fence: int = 0
    """Counts claims; a mark with an older number changes nothing."""
    lease_until: int = Field(default=0, sa_column=_big(nullable=False, server_default="0"))
    claimed_at: int = Field(default=0, sa_column=_big(nullable=False, server_default="0"))
    """When it took its cap slot."""
    first_claimed_at: int = Field(default=0, sa_column=_big(nullable=False, server_default="0"))
    started_at: int = Field(default=0, sa_column=_big(nullable=False, server_default="0"))
    """When a hand-off to a blind provider began."""
    finished_at: int = Field(default=0, sa_column=_big(nullable=False, server_default="0"))
    receipt: str = ""


_TABLE = cast(Any, OutboxRow).__table__


class Outbox:
    """Reads and moves messages."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session
        self._connection = session.connection()

    def plan(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Insert planned messages; a send key that exists is left as it is. Give how many were new."""
        n_new, given = 0, iter(rows)
        while chunk := list(islice(given, IDS_PER_QUERY)):
            names = list(chunk[0])
            n_new += insert_new(self._connection, _TABLE, names, [[row[name] for row in chunk] for name in names])
        return n_new

    def plan_table(self, messages: pa.Table) -> int:
        """Do the same with a table whose columns are the outbox', a part in memory as Python values at a time."""
        return sum(
            insert_new(self._connection, _TABLE, part.schema.names, [column.to_pylist() for column in part.columns])
            for part in messages.to_batches(max_chunksize=IDS_PER_QUERY)
        )

    def due(self, shop_id: str, channel: str, now: datetime, limit: int, *, lock: bool = True) -> Sequence[Row[Any]]:
        """Give up to `limit` planned messages whose instant has come, oldest first; locks them on PostgreSQL.

        Without `lock` they are only looked at, as a read transaction has to.
        """
        query = (
            select(_TABLE)
            .where(
                _TABLE.c.shop_id == shop_id,
                _TABLE.c.channel == channel,
                _TABLE.c.state == "planned",
                _TABLE.c.send_at <= to_micros(now),
            )
            .order_by(_TABLE.c.send_at, _TABLE.c.send_key)
            .limit(limit)
        )
        return self._connection.execute(query.with_for_update(skip_locked=True) if lock else query).all()

    def cap_slots(self, person_ids: Iterable[str], since: datetime) -> Sequence[Row[Any]]:
        """Give (person_id, message_class, claimed_at, plan_id, channel, send_key) of messages that hold a slot.

        All shops, plans and channels count.
        """
        found: list[Any] = []
        names = ("person_id", "message_class", "claimed_at", "plan_id", "channel", "send_key")
        for ids in _chunks(person_ids):
            query = select(*[_TABLE.c[name] for name in names]).where(
                _TABLE.c.person_id.in_(ids), _TABLE.c.state.in_(COUNTED), _TABLE.c.claimed_at > to_micros(since)
            )
            found.extend(self._connection.execute(query).all())
        return found

    def claim(
        self, send_keys: Sequence[str], worker: str, sender: str, sender_kind: str, now: datetime, lease: timedelta
    ) -> None:
        """Move planned messages to claimed: cap slot taken, lease running, fence raised by one."""
        at = to_micros(now)
        self._connection.execute(
            update(_TABLE)
            .where(_TABLE.c.send_key.in_(send_keys), _TABLE.c.state == "planned")
            .values(
                state="claimed",
                worker=worker,
                sender=sender,
                sender_kind=sender_kind,
                fence=_TABLE.c.fence + 1,
                lease_until=to_micros(now + lease),
                claimed_at=at,
                started_at=0,
                first_claimed_at=func.coalesce(func.nullif(_TABLE.c.first_claimed_at, 0), at),
            )
        )

    def word(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Note what planned messages say and cost: mappings of send_key, body_hash, cost_millis and extra_millis."""
        names = ("body_hash", "cost_millis", "extra_millis")
        values: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names}
        given = [{"of_key": row["send_key"]} | {f"to_{name}": row[name] for name in names} for row in rows]
        self._set_planned(given, **values)

    def start(self, send_key: str, fence: int, now: datetime) -> bool:
        """Note that a hand-off to a blind provider begins; false where the claim is not ours any more."""
        statement = (
            update(_TABLE)
            .where(
                _TABLE.c.send_key == send_key,
                _TABLE.c.state == "claimed",
                _TABLE.c.fence == fence,
                _TABLE.c.lease_until > to_micros(now),
                _TABLE.c.started_at == 0,
            )
            .values(started_at=to_micros(now))
        )
        return cast(CursorResult[Any], self._connection.execute(statement)).rowcount == 1

    def mark(self, marks: Sequence[Mapping[str, Any]], now: datetime) -> int:
        """Write ends of claims: mappings of send_key, fence, state, reason and receipt. Give how many still held."""
        if not marks:
            return 0
        statement = (
            update(_TABLE)
            .where(
                _TABLE.c.send_key == bindparam("of_key"),
                _TABLE.c.state == "claimed",
                _TABLE.c.fence == bindparam("of_fence"),
            )
            .values(
                state=bindparam("to_state"),
                reason=bindparam("to_reason"),
                receipt=bindparam("to_receipt"),
                finished_at=to_micros(now),
            )
        )
        rows = [
            {
                "of_key": mark["send_key"],
                "of_fence": mark["fence"],
                "to_state": mark["state"],
                "to_reason": mark["reason"],
                "to_receipt": mark.get("receipt", ""),
            }
            for mark in marks
        ]
        return cast(CursorResult[Any], self._connection.execute(statement, rows)).rowcount

    def suppress(self, reasons: Mapping[str, str], now: datetime) -> None:
        """End planned messages before any claim: send key to reason."""
        self._set_planned(
            [{"of_key": key, "to_reason": reason} for key, reason in reasons.items()],
            state="suppressed",
            reason=bindparam("to_reason"),
            finished_at=to_micros(now),
        )

    def hold(self, until: Mapping[str, datetime], now: datetime) -> None:
        """Let planned messages wait: send key to the next instant at which they may be claimed."""
        rows = [{"of_key": key, "to_at": to_micros(at)} for key, at in until.items()]
        self._set_planned(rows, send_at=bindparam("to_at"), held_at=to_micros(now))

    def explain(self, reasons: Mapping[str, str]) -> None:
        """Say why planned messages wait, for whoever asks: send key to reason, empty where they do not any more."""
        rows = [{"of_key": key, "to_reason": reason} for key, reason in reasons.items()]
        self._set_planned(rows, reason=bindparam("to_reason"))

    def release(self, send_key: str, fence: int, now: datetime, wait: timedelta = timedelta()) -> None:
        """Give a claim back, to be claimed after a wait: it certainly did not leave; its cap slot is free again."""
        waits = {"held_at": to_micros(now), "send_at": to_micros(now + wait)}
        self._connection.execute(
            update(_TABLE)
            .where(_TABLE.c.send_key == send_key, _TABLE.c.fence == fence, _TABLE.c.state == "claimed")
            .values(state="planned", claimed_at=0, started_at=0, lease_until=0, **waits)
        )

    def claim_again(self, send_key: str, fence: int, worker: str, sender: str, now: datetime, lease: timedelta) -> bool:
        """Take over a claim whose lease ran out; its cap slot and budget stay taken. False where another was faster."""
        statement = (
            update(_TABLE)
            .where(
                _TABLE.c.send_key == send_key,
                _TABLE.c.state == "claimed",
                _TABLE.c.fence == fence,
                _TABLE.c.lease_until <= to_micros(now),
            )
            .values(worker=worker, sender=sender, fence=fence + 1, lease_until=to_micros(now + lease))
        )
        return cast(CursorResult[Any], self._connection.execute(statement)).rowcount == 1

    def lapsed(
        self, shop_id: str, channel: str, now: datetime, limit: int = 1_000, *, lock: bool = True
    ) -> Sequence[Row[Any]]:
        """Give claims whose lease has run out; locks them on PostgreSQL unless told otherwise."""
        query = (
            select(_TABLE)
            .where(
                _TABLE.c.shop_id == shop_id,
                _TABLE.c.channel == channel,
                _TABLE.c.state == "claimed",
                _TABLE.c.lease_until <= to_micros(now),
            )
            .limit(limit)
        )
        return self._connection.execute(query.with_for_update(skip_locked=True) if lock else query).all()

    def get(self, send_key: str) -> OutboxRow | None:
        """Give one message."""
        return self._session.get(OutboxRow, send_key, populate_existing=True)

    def counts(self, shop_id: str, plan_id: str | None = None) -> dict[tuple[str, str], int]:
        """Give how many messages stand in each (state, reason)."""
        where = [_TABLE.c.shop_id == shop_id] + ([_TABLE.c.plan_id == plan_id] if plan_id else [])
        query = select(_TABLE.c.state, _TABLE.c.reason, func.count()).where(*where)
        return {(row[0], row[1]): row[2] for row in self._connection.execute(query.group_by("state", "reason"))}

    def recent(self, shop_id: str, since: datetime, plan_id: str, person_ids: Iterable[str] | None = None) -> pa.Table:
        """Give (person_id, message_class, plan_id, at) of messages that are planned or hold a slot.

        All plans since then, and this plan from its start: what a new decision has to reckon with. Only of these
        people where any are given; the shop is then compared here, in the statement it would lure SQLite into
        reading all messages of the shop.
        """
        at = func.coalesce(func.nullif(_TABLE.c.claimed_at, 0), _TABLE.c.send_at)
        names = ("shop_id", "person_id", "message_class", "plan_id")
        query = select(*[*(_TABLE.c[name] for name in names), at]).where(
            _TABLE.c.state.in_(("planned", *COUNTED)), (at > to_micros(since)) | (_TABLE.c.plan_id == plan_id)
        )
        if person_ids is None:
            parts = [query.where(_TABLE.c.shop_id == shop_id)]
        else:
            parts = [query.where(_TABLE.c.person_id.in_(ids)) for ids in _chunks(person_ids)]
        rows = [row[1:] for part in parts for row in self._connection.execute(part) if row[0] == shop_id]
        columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
        return pa.table([pa.array(columns[i], SENT_SCHEMA.types[i]) for i in range(4)], schema=SENT_SCHEMA)

    def planned_millis(self, plan_id: str) -> int:
        """Give what a plan's waiting messages will reserve, in thousandths of a minor unit."""
        query = select(func.coalesce(func.sum(_TABLE.c.cost_millis), 0))
        return int(
            self._connection.execute(query.where(_TABLE.c.plan_id == plan_id, _TABLE.c.state == "planned")).scalar_one()
        )

    def spent_millis(self, plan_id: str) -> int:
        """Give what messages that left, or may have, cost: sends paid and incentives expected to be redeemed."""
        query = select(func.coalesce(func.sum(_TABLE.c.cost_millis), 0)).where(_TABLE.c.plan_id == plan_id)
        return int(self._connection.execute(query.where(_TABLE.c.state.in_(("sent", "unknown")))).scalar_one())

    def step_millis(self, plan_id: str, step_id: str) -> int:
        """Give what a step's messages cost that hold a slot, in thousandths of a minor unit."""
        query = select(func.coalesce(func.sum(_TABLE.c.cost_millis), 0)).where(_TABLE.c.plan_id == plan_id)
        query = query.where(_TABLE.c.step_id == step_id, _TABLE.c.state.in_(COUNTED))
        return int(self._connection.execute(query).scalar_one())

    def granted(self, plan_id: str, offer_ids: Iterable[str]) -> dict[str, int]:
        """Give how many messages that wait, left or may have left carry each of these offers of a plan."""
        if not (wanted := sorted(set(offer_ids))):
            return {}
        query = select(_TABLE.c.offer_id, func.count()).where(
            _TABLE.c.plan_id == plan_id, _TABLE.c.offer_id.in_(wanted), _TABLE.c.state.in_(("planned", *COUNTED))
        )
        return {row[0]: row[1] for row in self._connection.execute(query.group_by(_TABLE.c.offer_id))}

    def unknown(self, shop_id: str, limit: int | None = None) -> Sequence[Row[Any]]:
        """Give the messages of which nobody can say whether they left, at most so many."""
        query = select(_TABLE).where(_TABLE.c.shop_id == shop_id, _TABLE.c.state == "unknown")
        return self._connection.execute(query.order_by(_TABLE.c.send_key).limit(limit)).all()

    def next_due(self, shop_id: str) -> int | None:
        """Give the earliest instant (microseconds) at which a planned message may be claimed or a lease ends."""
        planned = select(func.min(_TABLE.c.send_at)).where(_TABLE.c.shop_id == shop_id, _TABLE.c.state == "planned")
        return self._connection.execute(planned).scalar()

    def table(self, shop_id: str, plan_id: str, columns: Sequence[str]) -> pa.Table:
        """Give these columns of a plan's messages as an Arrow table."""
        query = select(*[_TABLE.c[name] for name in columns]).where(
            _TABLE.c.shop_id == shop_id, _TABLE.c.plan_id == plan_id
        )
        rows = self._connection.execute(query.order_by(_TABLE.c.send_key)).all()
        values = list(zip(*rows, strict=True)) or [() for _ in columns]
        kinds = {name: pa.int64() if isinstance(_TABLE.c[name].type, BigInteger) else pa.string() for name in columns}
        return pa.table({name: pa.array(values[i], kinds[name]) for i, name in enumerate(columns)})

    def _set_planned(self, rows: list[dict[str, Any]], **values: Any) -> None:
        if rows:
            statement = update(_TABLE).where(_TABLE.c.send_key == bindparam("of_key"), _TABLE.c.state == "planned")
            self._connection.execute(statement.values(**values), rows)


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), IDS_PER_QUERY):
        yield ordered[start : start + IDS_PER_QUERY]
