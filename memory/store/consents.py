"""Consents and suppressions: the latest statement counts per shop, person, channel and purpose."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa
from sqlalchemy import Column, delete, func, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.consent import ConsentEvent, ConsentMethod, SuppressionReason
from memory.domain.market import CHANNELS, Channel

from .contacts import ContactRow, Contacts
from .identities import Identities
from .numbers import BIG
from .person_state import PersonState

SUPPRESSIONS_SCHEMA = pa.schema(
    [("address_key", pa.string()), ("channel", pa.string()), ("reason", pa.string()), ("at", pa.timestamp("us", "UTC"))]
)
SUPPRESSED_SUBJECTS_SCHEMA = pa.schema(
    [("subject_id", pa.string()), ("channel", pa.string()), ("reason", pa.string()), ("at", pa.timestamp("us", "UTC"))]
)
SPOKEN_SCHEMA = pa.schema(
    [
        ("said_by", pa.string()),  # the person after merges
        ("status", pa.string()),
        ("said_at", pa.timestamp("us", "UTC")),
        ("lapses_at", pa.timestamp("us", "UTC")),
    ]
)
PUSH_CHANNELS: tuple[Channel, ...] = tuple(channel for channel in CHANNELS if channel != "onpage")
"""Channels that reach out to a person and therefore need consent and a suppression list."""
ROWS_PER_STATEMENT = 10_000
IDS_PER_QUERY = 5_000
_KEY_COLUMNS: dict[str, Any] = {
    "email": ContactRow.email_key,
    "sms": ContactRow.phone_key,
    "push": ContactRow.push_key,
}


class ConsentEventRow(SQLModel, table=True):
    """One statement made through the product itself; imported ones are facts of the lake."""

    __tablename__ = "consent_event"

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    shop_id: str = Field(index=True)
    person_id: str = Field(index=True)
    channel: str
    purpose: str
    status: str
    at: datetime
    method: str
    source: str
    wording_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    wording: str = Field(default="", sa_column_kwargs={"server_default": ""})
    valid_until: datetime | None = None
    send_key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    is_in_lake: bool = False


class SuppressionRow(SQLModel, table=True):
    """An address that must not be contacted, as a keyed hash: it survives the erasure of its person."""

    __tablename__ = "suppression"

    shop_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    address_key: str = Field(primary_key=True)
    reason: str
    at: datetime
    source: str


class SuppressionListRow(SQLModel, table=True):
    """How a shop answered for a channel's suppression list: imported, or declared to be empty by a named person."""

    __tablename__ = "suppression_list"

    shop_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    how: str
    by: str
    at: datetime


class Consents:
    """Reads and writes consent events and suppressions."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add_events(self, shop_id: str, events: Iterable[tuple[str, ConsentEvent]]) -> None:
        """Add statements as (person id, event) and bring the person's state up to date; the latest counts.

        The ledger only grows: nothing here changes or removes a statement. A pending one permits nothing and
        takes nothing back, and stays out of the lake.
        """
        for person_id, event in events:
            latest = self.latest(shop_id, person_id, event.channel)
            is_pending = event.status == "pending"
            row = ConsentEventRow(shop_id=shop_id, person_id=person_id, is_in_lake=is_pending, **event.model_dump())
            self._session.add(row)
            if is_pending:
                continue
            if event.purpose == "marketing" and (latest is None or latest.at <= event.at):
                PersonState(self._session).set_consent(shop_id, person_id, event.channel, event.status == "granted")
        self._session.flush()

    def latest(self, shop_id: str, person_id: str, channel: Channel) -> ConsentEvent | None:
        """Give the latest marketing statement made through the product for any record of the person, or none."""
        subjects = Identities(self._session).subjects_of([person_id])[person_id]
        row = self._session.exec(
            select(ConsentEventRow)
            .where(ConsentEventRow.shop_id == shop_id, ConsentEventRow.channel == channel)
            .where(ConsentEventRow.purpose == "marketing", col(ConsentEventRow.person_id).in_(sorted(subjects)))
            .where(ConsentEventRow.status != "pending")
            .order_by(col(ConsentEventRow.at).desc(), col(ConsentEventRow.id).desc())
            .limit(1)
        ).first()
        return _event(row) if row else None

    def ledger(self, shop_id: str, person_id: str) -> list[ConsentEvent]:
        """Give every statement made through the product for any record of the person, oldest first."""
        subjects = Identities(self._session).subjects_of([person_id])[person_id]
        query = select(ConsentEventRow).where(
            ConsentEventRow.shop_id == shop_id, col(ConsentEventRow.person_id).in_(sorted(subjects))
        )
        rows = self._session.exec(query.order_by(col(ConsentEventRow.at), col(ConsentEventRow.id)))
        return [_event(row) for row in rows]

    def lapsed(self, shop_id: str, subject_ids: Iterable[str], now: datetime) -> set[tuple[str, str]]:
        """Give (subject id, channel) pairs whose latest statement is a permission that lapsed by itself.

        The shop is compared here: in the statement it would lure SQLite into reading all statements of the shop.
        """
        latest: dict[tuple[str, str], ConsentEventRow] = {}
        ordered = sorted(set(subject_ids))
        for start in range(0, len(ordered), IDS_PER_QUERY):
            query = select(ConsentEventRow).where(
                ConsentEventRow.status != "pending",
                ConsentEventRow.purpose == "marketing",
                col(ConsentEventRow.person_id).in_(ordered[start : start + IDS_PER_QUERY]),
            )
            for row in self._session.exec(query.order_by(col(ConsentEventRow.at), col(ConsentEventRow.id))):
                if row.shop_id == shop_id:
                    latest[(row.person_id, row.channel)] = row
        return {key for key, row in latest.items() if row.valid_until is not None and row.valid_until <= now}

    def grant(self, shop_id: str, person_id: str, event: ConsentEvent) -> None:
        """Take a person's own new permission: it lifts their unsubscription, never a bounce, complaint or erasure."""
        keys = Contacts(self._session).keys_of(shop_id, [person_id]).get(person_id, set())
        own = sorted(key for channel, key in keys if channel == event.channel)
        at_address = (
            col(SuppressionRow.shop_id) == shop_id,
            col(SuppressionRow.channel) == event.channel,
            col(SuppressionRow.address_key).in_(own),
        )
        soft = col(SuppressionRow.reason) == "unsubscribed"
        self._session.connection().execute(delete(SuppressionRow).where(*at_address, soft))
        hard = self._session.exec(select(SuppressionRow).where(*at_address)).first()
        self.add_events(shop_id, [(person_id, event)])
        PersonState(self._session).set_consent(shop_id, person_id, event.channel, True, is_suppressed=hard is not None)

    def spoken(self, shop_id: str, channel: Channel) -> pa.Table:
        """Give every marketing statement made through the product about a channel, as `SPOKEN_SCHEMA`."""
        query = select(
            ConsentEventRow.person_id, ConsentEventRow.status, ConsentEventRow.at, ConsentEventRow.valid_until
        )
        query = query.where(ConsentEventRow.shop_id == shop_id, ConsentEventRow.channel == channel)
        rows = self._session.exec(query.where(ConsentEventRow.purpose == "marketing")).all()
        ids, *others = zip(*rows, strict=True) if rows else ((), (), (), ())
        owner = Identities(self._session).people_of(ids)
        return pa.Table.from_arrays([[owner[one] for one in ids], *others], schema=SPOKEN_SCHEMA)

    def grant_many(self, shop_id: str, event: ConsentEvent, people: pa.Table) -> None:
        """Add one statement for many people (person_id, valid_until) at once and let their state permit the channel.

        It lifts no suppression. Callers leave out whoever objected.
        """
        given = event.model_dump(exclude={"valid_until"}) | {"shop_id": shop_id, "is_in_lake": False}
        for batch in people.to_batches(max_chunksize=ROWS_PER_STATEMENT):
            rows = [given | record for record in batch.to_pylist()]
            self._session.connection().execute(insert(ConsentEventRow), rows)
        permitted = pa.array([True] * people.num_rows, pa.bool_())
        state = pa.table({"person_id": people["person_id"], f"consent_{event.channel}": permitted})
        PersonState(self._session).upsert(shop_id, state)

    def revoke(
        self,
        shop_id: str,
        person_id: str,
        channel: Channel,
        at: datetime,
        method: ConsentMethod,
        source: str,
        **proof: Any,
    ) -> None:
        """Take a person's consent back in one shop: consent, state and suppression change in this transaction.

        `proof` are further fields of `ConsentEvent`: wording, reason, the message whose link was used.
        """
        event = ConsentEvent(channel=channel, status="revoked", at=at, method=method, source=source, **proof)
        self.add_events(shop_id, [(person_id, event)])
        for _, keys in Contacts(self._session).keys_of(shop_id, [person_id]).items():
            for kind, address_key in sorted(keys):
                if kind == channel:
                    self.suppress(address_key, channel, "unsubscribed", at, source, shop_id=shop_id)
        PersonState(self._session).set_consent(shop_id, person_id, channel, False, is_suppressed=True)

    def suppress(
        self, address_key: str, channel: Channel, reason: SuppressionReason, at: datetime, source: str, *, shop_id: str
    ) -> None:
        """Never contact this address in the shop again, whoever has it (B4); the first hard reason is kept."""
        self.suppress_many(
            shop_id, [{"address_key": address_key, "channel": channel, "reason": reason, "at": at, "source": source}]
        )
        holders = Contacts(self._session).subjects_with(shop_id, [address_key])
        people = sorted(set(Identities(self._session).people_of(holders).values()))
        known = PersonState(self._session).get(shop_id, people)["person_id"]
        if len(known):
            barred = pa.table({"person_id": known, f"is_suppressed_{channel}": pa.array([True] * len(known))})
            PersonState(self._session).upsert(shop_id, barred)

    def suppress_many(self, shop_id: str, rows: Sequence[dict[str, Any]]) -> None:
        """Suppress many addresses: dicts of address_key, channel, reason, at, source.

        `unsubscribed` never replaces a harder reason; anything harder replaces `unsubscribed`.
        """
        add: Any = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = add(SuppressionRow)
        changed = {name: statement.excluded[name] for name in ("reason", "at", "source")}
        is_soft = (col(SuppressionRow.reason) == "unsubscribed") & (
            (statement.excluded.reason != "unsubscribed") | (col(SuppressionRow.at) < statement.excluded.at)
        )
        statement = statement.on_conflict_do_update(
            index_elements=["shop_id", "channel", "address_key"], set_=changed, where=is_soft
        )
        for start in range(0, len(rows), ROWS_PER_STATEMENT):
            batch = [{"shop_id": shop_id, **row} for row in rows[start : start + ROWS_PER_STATEMENT]]
            self._session.connection().execute(statement, batch)
        self._session.expire_all()

    def suppressions(self, shop_id: str) -> pa.Table:
        """Give the shop's suppressed addresses as `SUPPRESSIONS_SCHEMA`."""
        query = select(SuppressionRow).where(SuppressionRow.shop_id == shop_id)
        rows = [row.model_dump(include=set(SUPPRESSIONS_SCHEMA.names)) for row in self._session.exec(query)]
        return pa.Table.from_pylist(rows, schema=SUPPRESSIONS_SCHEMA)

    def erased_keys(self, shop_id: str) -> list[str]:
        """Give the keys of addresses whose people were erased in the shop."""
        query = select(SuppressionRow.address_key).where(
            SuppressionRow.shop_id == shop_id, SuppressionRow.reason == "erasure"
        )
        return sorted(set(self._session.exec(query)))

    def suppressed_subjects(self, shop_id: str, subject_ids: Sequence[str]) -> pa.Table:
        """Give which of these records hold a suppressed address: subject_id, channel, reason, at."""
        rows: list[dict[str, Any]] = []
        for start in range(0, len(subject_ids), IDS_PER_QUERY):
            some = subject_ids[start : start + IDS_PER_QUERY]
            for channel, key in _KEY_COLUMNS.items():
                query = (
                    select(ContactRow.subject_id, SuppressionRow.channel, SuppressionRow.reason, SuppressionRow.at)
                    .join(ContactRow, (col(key) == SuppressionRow.address_key) & (col(key) != ""))
                    .where(SuppressionRow.shop_id == shop_id, SuppressionRow.channel == channel)
                    .where(ContactRow.shop_id == shop_id, col(ContactRow.subject_id).in_(some))
                )
                found = self._session.connection().execute(query).all()
                rows += [dict(zip(SUPPRESSED_SUBJECTS_SCHEMA.names, row, strict=True)) for row in found]
        return pa.Table.from_pylist(rows, schema=SUPPRESSED_SUBJECTS_SCHEMA)

    def is_suppressed(self, shop_id: str, channel: Channel, address_key: str) -> bool:
        """Say whether the address is suppressed."""
        return self._session.get(SuppressionRow, (shop_id, channel, address_key), populate_existing=True) is not None

    def lift(self, shop_id: str, channel: Channel, address_key: str) -> bool:
        """Take back an `unsubscribed`; false where there is none. Bounces, complaints and the like stay."""
        row = self._session.get(SuppressionRow, (shop_id, channel, address_key), populate_existing=True)
        if row is None or row.reason != "unsubscribed":
            return False
        self._session.delete(row)
        self._session.flush()
        return True

    def n_suppressed(self, shop_id: str) -> dict[str, int]:
        """Give how many addresses each channel of the shop suppresses."""
        query = select(SuppressionRow.channel, func.count()).where(SuppressionRow.shop_id == shop_id)
        return dict(self._session.exec(query.group_by(SuppressionRow.channel)).all())

    def unexported(self, shop_id: str) -> list[ConsentEventRow]:
        """Give statements made through the product that are not yet facts of the lake."""
        query = select(ConsentEventRow).where(
            ConsentEventRow.shop_id == shop_id, col(ConsentEventRow.is_in_lake).is_(False)
        )
        return list(self._session.exec(query.order_by(col(ConsentEventRow.id))))

    def list_imported(self, shop_id: str, channel: Channel, by: str, at: datetime) -> None:
        """Note that a file brought the channel's suppression list."""
        self._answer(shop_id, channel, "imported", by, at)

    def declare_no_suppressions(self, shop_id: str, channel: Channel, by: str, at: datetime) -> None:
        """Note that the named person says the channel has no suppression list."""
        self._answer(shop_id, channel, "declared", by, at)

    def channel_ready(self, shop_id: str, channel: Channel) -> bool:
        """Say whether the channel's suppression list was imported or declared empty; live sends need it."""
        return channel == "onpage" or self.list_answer(shop_id, channel) is not None

    def list_answer(self, shop_id: str, channel: Channel) -> SuppressionListRow | None:
        """Give how the channel's suppression list was answered for, or none."""
        return self._session.get(SuppressionListRow, (shop_id, channel))

    def _answer(
        self, shop_id: str, channel: Channel, how: Literal["imported", "declared"], by: str, at: datetime
    ) -> None:
        row = self.list_answer(shop_id, channel)
        if row is None:
            self._session.add(SuppressionListRow(shop_id=shop_id, channel=channel, how=how, by=by, at=at))
        elif how == "imported" or row.how == "declared":
            row.how, row.by, row.at = how, by, at
        self._session.flush()


def _event(row: ConsentEventRow) -> ConsentEvent:
    return ConsentEvent.model_validate(row.model_dump(include=set(ConsentEvent.model_fields)))
