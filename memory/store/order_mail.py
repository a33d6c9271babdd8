"""Mails about orders and parcels: what a shop set, one row per mail, and what became of it.

States are those of the outbox, and `drafted` for what waits for a person. A key names shop, kind and the order or
parcel: however often and in whatever order webhooks come, there is one row.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, Column, CursorResult, Index, Text, bindparam, func, literal
from sqlmodel import Field, Session, SQLModel, col, select, update

from memory.domain.canonical import content_hash
from memory.domain.order_mail import (
    OWNED_STEPS,
    NoticeTimes,
    OrderMailCount,
    OrderMailSettings,
    OrderMailStanding,
    OwnedStep,
)

from .bulk import insert_new
from .instants import to_micros


def _big(**more: Any) -> Any:
    return Column(BigInteger, nullable=False, **more)


class OrderMailSettingRow(SQLModel, table=True):
    """The row of one shop's settings."""

    __tablename__ = "order_mail_setting"

    shop_id: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    since: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    """Since when each step of ours is ours, as ISO instants."""
    set_by: str
    set_at: datetime


class OrderMailRow(SQLModel, table=True):
    """The row of one mail. Names no person by contact data."""

    __tablename__ = "order_mail"
    __table_args__ = (
        Index("order_mail_due", "shop_id", "state", "send_at"),
        Index("order_mail_person", "person_id"),
        Index("order_mail_subject", "subject_id"),
        Index("order_mail_slip", "slip_id"),
    )

    send_key: str = Field(primary_key=True)
    shop_id: str
    kind: str
    order_ref: str
    order_fact_id: str = ""
    parcel_id: str = ""
    """The shipment's fact id; empty for a confirmation."""
    subject_id: str = ""
    """Whose, as a pseudonym; empty until the parcel's order says it."""
    person_id: str = ""
    """Whom it went to, after merges; empty before it was claimed."""
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    slip_id: str = ""
    """The slip a delay is told of; else empty."""
    event_at: int = Field(sa_column=_big())
    heard_at: int = Field(sa_column=_big())
    send_at: int = Field(sa_column=_big())
    """When it may be claimed at the earliest."""
    language: str = ""
    said: str = Field(default="", sa_column=Column(Text, nullable=False))
    """JSON of what it says of the order, fixed at the first claim: said again it says the same."""
    body_hash: str = ""
    state: str = "planned"
    reason: str = ""
    worker: str = ""
    sender: str = ""
    sender_kind: str = ""
    fence: int = 0
    lease_until: int = Field(default=0, sa_column=_big(server_default="0"))
    first_claimed_at: int = Field(default=0, sa_column=_big(server_default="0"))
    started_at: int = Field(default=0, sa_column=_big(server_default="0"))
    finished_at: int = Field(default=0, sa_column=_big(server_default="0"))
    receipt: str = ""


_TABLE = cast(Any, OrderMailRow).__table__
IDS_PER_QUERY = 5_000
_OF_DELAY = {"message_class": "service", "plan_id": "", "channel": "email"}
NAMES = (
    "send_key", "shop_id", "kind", "order_ref", "order_fact_id", "parcel_id", "subject_id", "carrier",
    "tracking_number", "tracking_url", "slip_id", "event_at", "heard_at", "send_at", "language", "state", "said",
)  # fmt: skip
"""What a new row names."""


def order_mail_key(shop_id: str, kind: str, about: str) -> str:
    """Give the key under which one order or parcel is told of once."""
    return content_hash(["order_mail", shop_id, kind, about])[:40]


class OrderMail:
    """Reads and moves mails about orders."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def standing(self, shop_id: str) -> OrderMailStanding | None:
        """Give what a shop set, or none where nobody set anything."""
        row = self._session.get(OrderMailSettingRow, shop_id, populate_existing=True)
        if row is None:
            return None
        return OrderMailStanding(
            settings=OrderMailSettings.model_validate(row.content),
            set_by=row.set_by,
            set_at=row.set_at,
            since=cast(Any, row.since),
        )

    def settings(self, shop_id: str) -> OrderMailSettings:
        """Give the shop's settings; the starting ones where nobody set any."""
        found = self.standing(shop_id)
        return found.settings if found else OrderMailSettings()

    def put_settings(self, shop_id: str, settings: OrderMailSettings, by: str, at: datetime) -> None:
        """Set who sends what; a step that becomes ours is ours from this instant on."""
        row = self._session.get(OrderMailSettingRow, shop_id, populate_existing=True)
        before = self.settings(shop_id)
        known = dict(row.since) if row else {}
        since: dict[str, str] = {
            step: known[step] if before.owner(step) == "us" and step in known else at.isoformat()
            for step in OWNED_STEPS
            if settings.owner(step) == "us"
        }
        row = row or OrderMailSettingRow(shop_id=shop_id, content={}, since={}, set_by=by, set_at=at)
        row.content, row.since, row.set_by, row.set_at = settings.model_dump(mode="json"), since, by, at
        self._session.add(row)
        self._session.flush()

    def add(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Keep mails to come: mappings of `NAMES`; what is there stays as it is. Give how many were new."""
        columns = [[row[name] for row in rows] for name in NAMES]
        return insert_new(self._session.connection(), _TABLE, NAMES, columns) if rows else 0

    def tell_number(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Give parcels whose notice still waits the carrier and number that were told since."""
        if not rows:
            return
        statement = (
            update(_TABLE)
            .where(
                _TABLE.c.send_key == bindparam("of_key"),
                _TABLE.c.state == "planned",
                _TABLE.c.tracking_number == "",
            )
            .values(
                carrier=bindparam("to_carrier"),
                tracking_number=bindparam("to_number"),
                tracking_url=bindparam("to_url"),
                send_at=bindparam("to_at"),
            )
        )
        self._session.connection().execute(statement, [dict(row) for row in rows])

    def has_work(self, shop_id: str, now: datetime) -> bool:
        """Say whether anything is due, or a lease ran out."""
        return bool(self.due(shop_id, now, 1, lock=False) or self.lapsed(shop_id, now, 1, lock=False))

    def due(self, shop_id: str, now: datetime, limit: int, *, lock: bool = True) -> list[OrderMailRow]:
        """Give planned mails whose instant has come, oldest first; locks them on PostgreSQL."""
        query = (
            select(OrderMailRow)
            .where(
                OrderMailRow.shop_id == shop_id, OrderMailRow.state == "planned", OrderMailRow.send_at <= to_micros(now)
            )
            .order_by(col(OrderMailRow.send_at), col(OrderMailRow.send_key))
            .limit(limit)
        )
        return list(self._session.exec(query.with_for_update(skip_locked=True) if lock else query))

    def lapsed(self, shop_id: str, now: datetime, limit: int, *, lock: bool = True) -> list[OrderMailRow]:
        """Give claims whose lease ran out."""
        query = (
            select(OrderMailRow)
            .where(
                OrderMailRow.shop_id == shop_id,
                OrderMailRow.state == "claimed",
                OrderMailRow.lease_until <= to_micros(now),
            )
            .limit(limit)
        )
        return list(self._session.exec(query.with_for_update(skip_locked=True) if lock else query))

    def claim(self, row: OrderMailRow, worker: str, sender: str, kind: str, now: datetime, lease: timedelta) -> None:
        """Take a mail, for the first time or again: fence raised by one, lease running."""
        row.state, row.worker, row.sender, row.sender_kind, row.fence = "claimed", worker, sender, kind, row.fence + 1
        row.lease_until, row.started_at = to_micros(now + lease), 0
        row.first_claimed_at = row.first_claimed_at or to_micros(now)
        self._session.add(row)

    def end(self, row: OrderMailRow, state: str, reason: str, now: datetime) -> None:
        """End a mail before it is handed off."""
        row.state, row.reason, row.finished_at = state, reason, to_micros(now)
        self._session.add(row)

    def later(self, row: OrderMailRow, until: datetime) -> None:
        """Let a planned mail wait."""
        row.send_at = to_micros(until)
        self._session.add(row)

    def start(self, send_key: str, fence: int, now: datetime) -> bool:
        """Note that a hand-off begins; false where the claim is not ours any more."""
        statement = (
            update(_TABLE)
            .where(*self._mine(send_key, fence), _TABLE.c.lease_until > to_micros(now), _TABLE.c.started_at == 0)
            .values(started_at=to_micros(now))
        )
        return cast(CursorResult[Any], self._session.connection().execute(statement)).rowcount == 1

    def mark(self, send_key: str, fence: int, now: datetime, **to: Any) -> bool:
        """Write the end of a claim, or give it back with `state` planned; false where it is not ours any more."""
        ended = {} if to.get("state") == "planned" else {"finished_at": to_micros(now)}
        statement = update(_TABLE).where(*self._mine(send_key, fence)).values(**ended, **to)
        return cast(CursorResult[Any], self._session.connection().execute(statement)).rowcount == 1

    def _mine(self, send_key: str, fence: int) -> tuple[Any, ...]:
        return (_TABLE.c.send_key == send_key, _TABLE.c.state == "claimed", _TABLE.c.fence == fence)

    def end_drafts(self, slip_id: str, reason: str, now: datetime) -> int:
        """End the drafts of a slip, and those approved ones that have not left; give how many."""
        waiting = _TABLE.c.state.in_(("drafted", "planned"))
        statement = update(_TABLE).where(_TABLE.c.slip_id == slip_id, waiting)
        ended = {"state": "suppressed", "reason": reason, "finished_at": to_micros(now)}
        return cast(CursorResult[Any], self._session.connection().execute(statement.values(**ended))).rowcount

    def drafts(self, slip_id: str) -> list[str]:
        """Give whose mails about a slip wait for a person's decision, as pseudonyms."""
        query = select(_TABLE.c.subject_id).where(_TABLE.c.slip_id == slip_id, _TABLE.c.state == "drafted")
        return [str(row[0]) for row in self._session.connection().execute(query)]

    def release_drafts(self, slip_id: str, now: datetime) -> int:
        """Let the drafts of a slip go from now on; give how many."""
        drafted = (_TABLE.c.slip_id == slip_id, _TABLE.c.state == "drafted")
        at = {"state": "planned", "heard_at": to_micros(now), "send_at": to_micros(now)}
        return cast(
            CursorResult[Any], self._session.connection().execute(update(_TABLE).where(*drafted).values(**at))
        ).rowcount

    def cap_slots(self, person_ids: Iterable[str], since: datetime) -> list[Any]:
        """Give (person_id, message_class, claimed_at, plan_id, channel, send_key) of delays that people were told of.

        They are service messages and take a slot of that class; receipts take none.
        """
        names = (_TABLE.c.person_id, _TABLE.c.first_claimed_at.label("claimed_at"), _TABLE.c.send_key)
        fixed = [literal(text).label(name) for name, text in _OF_DELAY.items()]
        found: list[Any] = []
        wanted = sorted(set(person_ids))
        for start in range(0, len(wanted), IDS_PER_QUERY):
            query = select(*names, *fixed).where(
                _TABLE.c.person_id.in_(wanted[start : start + IDS_PER_QUERY]),
                _TABLE.c.kind == "parcel_delay",
                _TABLE.c.state.in_(("claimed", "sent", "unknown")),
                _TABLE.c.first_claimed_at > to_micros(since),
            )
            found += self._session.connection().execute(query).all()
        return found

    def counts(self, shop_id: str) -> tuple[OrderMailCount, ...]:
        """Give how many mails stand where, and why."""
        names = (_TABLE.c.kind, _TABLE.c.state, _TABLE.c.reason)
        query = select(*names, func.count()).where(_TABLE.c.shop_id == shop_id).group_by(*names).order_by(*names)
        rows = self._session.connection().execute(query)
        return tuple(OrderMailCount(kind=row[0], state=row[1], reason=row[2], n_mails=row[3]) for row in rows)

    def notice_times(self, shop_id: str, minutes: int, since: datetime) -> NoticeTimes:
        """Say how many shipping notices left since then, and how many within so many minutes."""
        took = _TABLE.c.finished_at - _TABLE.c.heard_at
        query = select(func.count(), func.count().filter(took <= minutes * 60 * 1_000_000)).where(
            _TABLE.c.shop_id == shop_id, _TABLE.c.kind == "shipping_notice", _TABLE.c.state == "sent",
            _TABLE.c.finished_at >= to_micros(since),
        )  # fmt: skip
        n_sent, n_in_time = self._session.connection().execute(query).one()
        return NoticeTimes(n_sent=n_sent, n_in_time=n_in_time, in_time_rate=n_in_time / n_sent if n_sent else None)

    def get(self, send_key: str) -> OrderMailRow | None:
        """Give one mail."""
        return self._session.get(OrderMailRow, send_key, populate_existing=True)

    def recent(self, shop_id: str, limit: int = 200, kinds: Iterable[str] = ()) -> list[OrderMailRow]:
        """Give the mails heard of last, newest first."""
        query = select(OrderMailRow).where(OrderMailRow.shop_id == shop_id)
        if chosen := sorted(kinds):
            query = query.where(col(OrderMailRow.kind).in_(chosen))
        return list(self._session.exec(query.order_by(col(OrderMailRow.heard_at).desc()).limit(limit)))


def owned_steps(standing: OrderMailStanding | None) -> dict[OwnedStep, datetime]:
    """Give since when each step that is ours is ours."""
    if standing is None:
        return {}
    return {step: at for step, at in standing.since.items() if standing.settings.owner(step) == "us"}
