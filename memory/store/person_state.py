"""Person state: the one row per shop and person that claim and second checker read at hand-off."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import JSON, Boolean, Column, ColumnElement, Index, Integer, String, cast, func, text, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select, update

from memory.domain.facts import INSTANT
from memory.domain.market import Channel

PERSON_STATE_SCHEMA = pa.schema(
    [
        ("person_id", pa.string()),
        ("consent_email", pa.bool_()),
        ("consent_sms", pa.bool_()),
        ("consent_push", pa.bool_()),
        ("is_suppressed_email", pa.bool_()),
        ("is_suppressed_sms", pa.bool_()),
        ("is_suppressed_push", pa.bool_()),
        ("market", pa.string()),
        ("language", pa.string()),
        ("zones", pa.list_(pa.string())),  # candidate IANA zones; all of them must allow a hand-off
        ("last_order_at", INSTANT),
        ("is_erased", pa.bool_()),
    ]
)
"""What `get` gives and `upsert` takes; `upsert` may leave out columns."""
ZONES = PERSON_STATE_SCHEMA.names.index("zones")

ROWS_PER_STATEMENT = 10_000
IDS_PER_QUERY = 5_000
MOST_BY_NAME = 50_000
"""Where more people than these are asked about and they are a good part of the shop, the whole shop is read."""
GOOD_PART = 0.25


class PersonStateRow(SQLModel, table=True):
    """The row of one person in one shop."""

    __tablename__ = "person_state"
    __table_args__ = (Index("person_state_erased", "shop_id", "is_erased"),)

    shop_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    consent_email: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    consent_sms: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    consent_push: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    is_suppressed_email: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    is_suppressed_sms: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    is_suppressed_push: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    market: str = Field(default="", sa_column_kwargs={"server_default": ""})
    language: str = Field(default="", sa_column_kwargs={"server_default": ""})
    zones: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    last_order_at: datetime | None = None
    is_erased: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class PersonState:
    """Reads and writes what is known of a person at the instant of hand-off."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def upsert(self, shop_id: str, people: pa.Table) -> None:
        """Add or update one row per `person_id`; columns that are not given keep their value.

        The columns are a subset of `PERSON_STATE_SCHEMA` with `person_id`; ids are unique.
        A null in any column but `last_order_at` means its empty value.
        """
        insert = postgresql.insert if self._dialect == "postgresql" else sqlite.insert
        statement = insert(PersonStateRow)
        changed = [name for name in people.column_names if name != "person_id"]
        key = ["shop_id", "person_id"]
        if changed:
            statement = statement.on_conflict_do_update(
                index_elements=key, set_={name: statement.excluded[name] for name in changed}
            )
        else:
            statement = statement.on_conflict_do_nothing(index_elements=key)
        schema = pa.schema([PERSON_STATE_SCHEMA.field(name) for name in people.column_names])
        for batch in people.cast(schema).to_batches(max_chunksize=ROWS_PER_STATEMENT):
            self._session.connection().execute(statement, [_row(shop_id, record) for record in batch.to_pylist()])
        self._session.expire_all()

    def get(self, shop_id: str, person_ids: Iterable[str] | None = None, *, lock: bool = False) -> pa.Table:
        """Give the rows of these people, of everybody where none are given, as `PERSON_STATE_SCHEMA` by person id.

        People without a row are missing in the result. `lock` keeps others that lock the same people waiting until
        this transaction ends; rows are locked in the order of their ids, so that nobody waits in a circle.
        """
        if person_ids is None:
            return self._read(shop_id, [], lock)
        wanted = sorted(set(person_ids))
        if not lock and self._are_most(shop_id, len(wanted)):  # one scan is over sooner than as many look-ups
            everybody = self._read(shop_id, [], lock)
            return everybody.filter(pc.is_in(everybody["person_id"], value_set=pa.array(wanted, pa.string())))
        tables = [self._read(shop_id, [col(PersonStateRow.person_id).in_(ids)], lock) for ids in _chunks(wanted)]
        return pa.concat_tables(tables) if tables else PERSON_STATE_SCHEMA.empty_table()

    def hold(self, person_ids: Iterable[str]) -> None:
        """Keep others that hold any of these people waiting until this transaction ends, whatever their shop.

        Rows are locked in one order, so that nobody waits in a circle. SQLite has one writer and needs no lock.
        """
        if self._dialect != "postgresql":
            return
        for ids in _chunks(sorted(set(person_ids))):
            query = select(PersonStateRow.person_id).where(col(PersonStateRow.person_id).in_(ids))
            ordered = query.order_by(col(PersonStateRow.person_id), col(PersonStateRow.shop_id))
            self._session.connection().execute(ordered.with_for_update())

    def set_consent(
        self, shop_id: str, person_id: str, channel: Channel, granted: bool, *, is_suppressed: bool | None = None
    ) -> None:
        """Set a person's consent for email, sms or push, and the suppression where it is given."""
        row: dict[str, list[Any]] = {"person_id": [person_id], f"consent_{channel}": [granted]}
        if is_suppressed is not None:
            row[f"is_suppressed_{channel}"] = [is_suppressed]
        self.upsert(shop_id, pa.table(row))

    def erase(self, shop_id: str, person_id: str) -> None:
        """Forget everything of the person but the fact that nothing may be sent."""
        blank = PersonStateRow(shop_id=shop_id, person_id=person_id, is_erased=True).model_dump()
        blank.update(is_suppressed_email=True, is_suppressed_sms=True, is_suppressed_push=True)
        self._session.exec(
            update(PersonStateRow)
            .where(col(PersonStateRow.shop_id) == shop_id, col(PersonStateRow.person_id) == person_id)
            .values({name: value for name, value in blank.items() if name not in ("shop_id", "person_id")})
        )
        self._session.expire_all()

    def _are_most(self, shop_id: str, n: int) -> bool:
        if n <= MOST_BY_NAME:
            return False
        query = select(func.count()).select_from(PersonStateRow).where(col(PersonStateRow.shop_id) == shop_id)
        return n >= GOOD_PART * int(self._session.connection().execute(query).scalar_one())

    @property
    def _dialect(self) -> str:
        return self._session.get_bind().dialect.name

    def _read(self, shop_id: str, where: Sequence[ColumnElement[bool]], lock: bool = False) -> pa.Table:
        columns: list[Any] = [getattr(PersonStateRow, name) for name in PERSON_STATE_SCHEMA.names]
        columns = [type_coerce(one, Integer) if isinstance(one.type, Boolean) else one for one in columns]  # as stored
        columns[ZONES] = cast(col(PersonStateRow.zones), String)  # few texts are many people's: each is parsed once
        query = select(*columns).where(col(PersonStateRow.shop_id) == shop_id, *where)
        query = query.order_by(col(PersonStateRow.person_id))
        result = self._session.connection().execute(query.with_for_update() if lock else query)
        parse = cache(json.loads)
        batches = []
        for rows in result.partitions(ROWS_PER_STATEMENT):
            values = [list(column) for column in zip(*rows, strict=True)]
            values[ZONES] = [parse(zones) for zones in values[ZONES]]
            arrays = [_array(column, kind) for column, kind in zip(values, PERSON_STATE_SCHEMA.types, strict=True)]
            batches.append(pa.record_batch(arrays, schema=PERSON_STATE_SCHEMA))
        return pa.Table.from_batches(batches, schema=PERSON_STATE_SCHEMA)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    """SQLite keeps truth as 0 and 1; converting a million of them one by one takes longer than reading them."""
    return pa.array(values).cast(kind) if pa.types.is_boolean(kind) else pa.array(values, kind)


def _row(shop_id: str, record: dict[str, Any]) -> dict[str, Any]:
    filled = {name: _EMPTY.get(name) if value is None else value for name, value in record.items()}
    return {"shop_id": shop_id, **filled}


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), IDS_PER_QUERY):
        yield ids[start : start + IDS_PER_QUERY]


_EMPTY: dict[str, Any] = {
    **{field.name: False for field in PERSON_STATE_SCHEMA if pa.types.is_boolean(field.type)},
    "market": "",
    "language": "",
    "zones": [],
}
