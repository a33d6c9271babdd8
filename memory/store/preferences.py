"""Preferences: what each person chose and chose before, and the band of risk a tick found them in."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import JSON, Column, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.base import Frozen, Instant
from memory.domain.facts import INSTANT
from memory.domain.preference import Preference, RiskBand

IDS_PER_QUERY = 5_000
CHOICES_SCHEMA = pa.schema(
    [
        ("person_id", pa.string()),
        ("frequency", pa.string()),
        ("paused_until", INSTANT),
        ("topics_off", pa.list_(pa.string())),
        ("preferred_channel", pa.string()),
    ]
)


class PreferenceRow(SQLModel, table=True):
    """What one person chose in one shop."""

    __tablename__ = "preference"

    shop_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    frequency: str = "all"
    paused_until: datetime | None = None
    topics_off: list[str] = Field(sa_column=Column(JSON, nullable=False))
    preferred_channel: str = ""
    """Empty where they did not say."""
    updated_at: datetime


class PreferenceEventRow(SQLModel, table=True):
    """What one person chose, and when; a row per change, the latest is what `preference` holds."""

    __tablename__ = "preference_event"

    id: int | None = Field(default=None, primary_key=True)
    shop_id: str = Field(index=True)
    person_id: str = Field(index=True)
    at: datetime
    preference: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class PreferenceEvent(Frozen):
    """One change of what a person chose."""

    at: Instant
    """When."""
    preference: Preference
    """What stood from then on."""


class RiskBandRow(SQLModel, table=True):
    """The band of one person in one shop; people in the low band have no row."""

    __tablename__ = "risk_band"

    shop_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    band: str
    as_of: datetime


class Preferences:
    """Reads and writes choices and bands."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, shop_id: str, person_id: str, preference: Preference, at: datetime) -> None:
        """Keep what a person chose, as what stands and in their history; it counts from the next claim on."""
        if preference != self.of(shop_id, person_id):
            said = preference.model_dump(mode="json")
            self._session.add(PreferenceEventRow(shop_id=shop_id, person_id=person_id, at=at, preference=said))
        row = self._session.get(PreferenceRow, (shop_id, person_id)) or PreferenceRow(
            shop_id=shop_id, person_id=person_id, topics_off=[], updated_at=at
        )
        row.frequency, row.paused_until, row.updated_at = preference.frequency, preference.paused_until, at
        row.topics_off, row.preferred_channel = list(preference.topics_off), preference.channel or ""
        self._session.add(row)
        self._session.flush()

    def of(self, shop_id: str, person_id: str) -> Preference:
        """Give one person's choice; the default where nothing was chosen."""
        return self.many(shop_id, [person_id]).get(person_id, Preference())

    def history(self, shop_id: str, person_id: str) -> tuple[PreferenceEvent, ...]:
        """Give every change of one person's choice, the oldest first."""
        row = PreferenceEventRow
        query = select(row).where(row.shop_id == shop_id, row.person_id == person_id).order_by(col(row.id))
        return tuple(
            PreferenceEvent(at=one.at, preference=Preference.model_validate(one.preference))
            for one in self._session.exec(query)
        )

    def many(self, shop_id: str, person_ids: Iterable[str]) -> dict[str, Preference]:
        """Give the choices of those of these people who made one."""
        found: dict[str, Preference] = {}
        for some in _chunks(person_ids):
            query = select(PreferenceRow).where(
                PreferenceRow.shop_id == shop_id, col(PreferenceRow.person_id).in_(some)
            )
            for row in self._session.exec(query):
                found[row.person_id] = Preference.model_validate(
                    {
                        "frequency": row.frequency,
                        "paused_until": row.paused_until,
                        "topics_off": row.topics_off,
                        "channel": row.preferred_channel or None,
                    }
                )
        return found

    def asked_since(self, shop_id: str, person_ids: Iterable[str]) -> dict[str, datetime]:
        """Give since when the channel stands that these people ask for; those who ask for none are missing."""
        row, said, since = PreferenceEventRow, dict[str, str | None](), dict[str, datetime]()
        for some in _chunks(person_ids):
            query = select(row).where(row.shop_id == shop_id, col(row.person_id).in_(some)).order_by(col(row.id))
            for one in self._session.exec(query):
                event = PreferenceEvent(at=one.at, preference=Preference.model_validate(one.preference))
                if event.preference.channel != said.get(one.person_id):
                    since[one.person_id] = event.at
                said[one.person_id] = event.preference.channel
        return {person: at for person, at in since.items() if said[person] is not None}

    def table(self, shop_id: str, person_ids: Iterable[str] | None = None) -> pa.Table:
        """Give every choice in the shop as `CHOICES_SCHEMA`, of these people where any are given."""
        query = select(PreferenceRow).where(PreferenceRow.shop_id == shop_id).order_by(col(PreferenceRow.person_id))
        who = col(PreferenceRow.person_id)
        parts = [query] if person_ids is None else [query.where(who.in_(some)) for some in _chunks(person_ids)]
        names = set(CHOICES_SCHEMA.names)
        rows = [row.model_dump(include=names) for part in parts for row in self._session.exec(part)]
        return pa.Table.from_pylist(rows, schema=CHOICES_SCHEMA)

    def bands(self, shop_id: str, person_ids: Iterable[str]) -> dict[str, RiskBand]:
        """Give the bands of those of these people who are not in the low one."""
        found: dict[str, Any] = {}
        for some in _chunks(person_ids):
            query = select(RiskBandRow.person_id, RiskBandRow.band).where(
                RiskBandRow.shop_id == shop_id, col(RiskBandRow.person_id).in_(some)
            )
            found.update((row[0], row[1]) for row in self._session.exec(query))
        return found

    def set_bands(self, shop_id: str, bands: pa.Table, at: datetime) -> None:
        """Keep the bands of these people (person_id, band); those now in the low band lose their row."""
        is_low = pc.equal(bands["band"], "low")
        known = list(self._session.exec(select(RiskBandRow.person_id).where(RiskBandRow.shop_id == shop_id)))
        low = pc.is_in(pa.array(known, pa.string()), bands.filter(is_low)["person_id"].combine_chunks())
        for some in _chunks(person for person, gone in zip(known, low.to_pylist(), strict=True) if gone):
            self._session.connection().execute(
                delete(RiskBandRow).where(col(RiskBandRow.shop_id) == shop_id, col(RiskBandRow.person_id).in_(some))
            )
        rows: Any = [{"shop_id": shop_id, "as_of": at, **row} for row in bands.filter(pc.invert(is_low)).to_pylist()]
        insert: Any = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = insert(RiskBandRow)
        statement = statement.on_conflict_do_update(
            index_elements=["shop_id", "person_id"], set_={n: statement.excluded[n] for n in ("band", "as_of")}
        )
        for start in range(0, len(rows), IDS_PER_QUERY):
            self._session.connection().execute(statement, rows[start : start + IDS_PER_QUERY])
        self._session.expire_all()


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), IDS_PER_QUERY):
        yield ordered[start : start + IDS_PER_QUERY]
