"""Contacts: addresses and names, the only place where they are kept. Never lake, prompt or log."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import ColumnElement, case, delete, func, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.consent import ADDRESS, Contact
from memory.domain.facts import INSTANT
from memory.domain.market import Channel

from .identities import Identities

CONTACT_SCHEMA = pa.schema(
    [
        ("subject_id", pa.string()),
        ("email", pa.string()),
        ("phone", pa.string()),
        ("push_token", pa.string()),
        ("first_name", pa.string()),
        ("last_name", pa.string()),
        ("country", pa.string()),
        ("language", pa.string()),
        ("zone", pa.string()),
        ("email_key", pa.string()),  # keyed hash of the normalised address
        ("phone_key", pa.string()),
        ("push_key", pa.string()),
        ("updated_at", INSTANT),
    ]
)
"""One row per subject; an empty text means nothing is known and never overwrites what is."""
ROWS_PER_STATEMENT = 10_000
IDS_PER_QUERY = 5_000
_FIELDS = tuple(name for name in CONTACT_SCHEMA.names if name not in ("subject_id", "updated_at"))


class ContactRow(SQLModel, table=True):
    """The contact data of one record in one shop."""

    __tablename__ = "contact"

    shop_id: str = Field(primary_key=True)
    subject_id: str = Field(primary_key=True)
    email: str = ""
    phone: str = ""
    push_token: str = ""
    first_name: str = ""
    last_name: str = ""
    country: str = ""
    language: str = ""
    zone: str = ""
    email_key: str = Field(default="", index=True)
    phone_key: str = Field(default="", index=True)
    push_key: str = Field(default="", index=True)
    updated_at: datetime


_COLUMNS: dict[Channel, Mapped[str]] = {channel: col(getattr(ContactRow, field)) for channel, field in ADDRESS.items()}


class Contacts:
    """Reads and writes contact data."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def upsert(self, shop_id: str, contacts: pa.Table) -> None:
        """Add or update one row per `subject_id` (`CONTACT_SCHEMA`, ids unique); empty texts keep what is known."""
        insert: Any = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = insert(ContactRow)
        kept = {
            name: case(
                (statement.excluded[name] != "", statement.excluded[name]), else_=literal_column(f"contact.{name}")
            )
            for name in _FIELDS
        }
        statement = statement.on_conflict_do_update(
            index_elements=["shop_id", "subject_id"], set_={**kept, "updated_at": statement.excluded["updated_at"]}
        )
        for batch in contacts.cast(CONTACT_SCHEMA).to_batches(max_chunksize=ROWS_PER_STATEMENT):
            rows = [{"shop_id": shop_id, **_filled(row)} for row in batch.to_pylist()]
            self._session.connection().execute(statement, rows)
        self._session.expire_all()

    def by_person(self, shop_id: str, person_ids: Iterable[str]) -> dict[str, Contact]:
        """Give each person's contact in the shop; where several records are one person, the newest known field wins."""
        subjects = Identities(self._session).subjects_of(person_ids)
        owner = {subject: person for person, members in subjects.items() for subject in members}
        rows = sorted(self._read(shop_id, sorted(owner)), key=lambda row: (row.updated_at, row.subject_id))
        merged: dict[str, dict[str, str]] = {}
        for row in rows:
            known = merged.setdefault(owner[row.subject_id], {})
            known.update({name: getattr(row, name) for name in Contact.model_fields if getattr(row, name)})
        return {person: Contact(**{**known, "subject_id": person}) for person, known in merged.items()}

    def keys_of(self, shop_id: str, person_ids: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
        """Give the (channel, address key) pairs of each person's records in the shop."""
        subjects = Identities(self._session).subjects_of(person_ids)
        owner = {subject: person for person, members in subjects.items() for subject in members}
        keys: dict[str, set[tuple[str, str]]] = {}
        for row in self._read(shop_id, sorted(owner)):
            pairs = {("email", row.email_key), ("sms", row.phone_key), ("push", row.push_key)}
            keys.setdefault(owner[row.subject_id], set()).update(pair for pair in pairs if pair[1])
        return keys

    def addresses_of(self, shop_id: str, person_ids: Iterable[str]) -> set[tuple[str, str]]:
        """Give (email, phone) of every record of these people in the shop, older addresses included."""
        subjects = Identities(self._session).subjects_of(person_ids)
        rows = self._read(shop_id, sorted(set().union(*subjects.values())))
        return {(row.email, row.phone) for row in rows if row.email or row.phone}

    def subjects_with(self, shop_id: str, address_keys: Sequence[str]) -> list[str]:
        """Give the subjects that have one of these addresses."""
        found: set[str] = set()
        for start in range(0, len(address_keys), IDS_PER_QUERY):
            some = address_keys[start : start + IDS_PER_QUERY]
            for key in (ContactRow.email_key, ContactRow.phone_key, ContactRow.push_key):
                query = select(ContactRow.subject_id).where(ContactRow.shop_id == shop_id, col(key).in_(some))
                found.update(self._session.exec(query))
        return sorted(found)

    def mates(self, shop_id: str, address_keys: Iterable[str]) -> dict[str, set[str]]:
        """Give the subjects per address key: more than one where records that are no one person share an address."""
        found: dict[str, set[str]] = {}
        wanted = sorted(set(address_keys))
        for start in range(0, len(wanted), IDS_PER_QUERY):
            some = wanted[start : start + IDS_PER_QUERY]
            for key in (ContactRow.email_key, ContactRow.phone_key, ContactRow.push_key):
                query = select(key, ContactRow.subject_id, ContactRow.shop_id).where(col(key).in_(some))
                for address, subject, owner in self._session.connection().execute(query):
                    if owner == shop_id:  # in the query it would have SQLite walk the whole shop
                        found.setdefault(address, set()).add(subject)
        return found

    def erase(self, shop_id: str, person_id: str) -> None:
        """Forget the contact data of all records of the person in the shop."""
        subjects = sorted(Identities(self._session).subjects_of([person_id])[person_id])
        rows = delete(ContactRow).where(col(ContactRow.shop_id) == shop_id, col(ContactRow.subject_id).in_(subjects))
        self._session.connection().execute(rows)
        self._session.expire_all()

    def counts(self, shop_id: str) -> dict[str, int]:
        """Give how many records of the shop have an address per channel, and how many addresses are `assumed`."""
        found: dict[str, int] = {
            channel: self._number(ContactRow.shop_id == shop_id, field != "") for channel, field in _COLUMNS.items()
        }
        found["assumed"] = self._number(ContactRow.shop_id == shop_id, col(ContactRow.email).endswith(".invalid"))
        return found

    def with_address(self, shop_id: str, channel: Channel) -> list[str]:
        """Give the subjects of the shop that a channel has an address of."""
        if channel not in _COLUMNS:
            return []
        query = select(ContactRow.subject_id).where(ContactRow.shop_id == shop_id, _COLUMNS[channel] != "")
        return list(self._session.exec(query))

    def is_empty(self, shop_id: str) -> bool:
        """Say whether the shop has no contact at all."""
        return (
            self._session.exec(select(ContactRow.subject_id).where(ContactRow.shop_id == shop_id).limit(1)).first()
            is None
        )

    def _number(self, *where: ColumnElement[bool] | bool) -> int:
        return self._session.exec(select(func.count()).select_from(ContactRow).where(*where)).one()

    def _read(self, shop_id: str, subject_ids: Sequence[str]) -> Iterator[ContactRow]:
        for start in range(0, len(subject_ids), IDS_PER_QUERY):
            some = subject_ids[start : start + IDS_PER_QUERY]
            query = select(ContactRow).where(ContactRow.shop_id == shop_id, col(ContactRow.subject_id).in_(some))
            yield from self._session.exec(query)


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {name: "" if value is None and name != "updated_at" else value for name, value in row.items()}
