"""Slips of lanes, the people whose parcels are on them, and the messages that were held back meanwhile."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

import pyarrow as pa
from sqlalchemy import BigInteger, Column, Index, func
from sqlmodel import Field, Session, SQLModel, col, select, update

from memory.domain.errors import InvalidInput, NotFound
from memory.domain.slips import Slip

from .bulk import insert_new
from .instants import to_micros

IDS_PER_QUERY = 5_000
HELD_SCHEMA = pa.schema(
    [("person_id", pa.string()), ("message_kind", pa.string()), ("message_class", pa.string()), ("at", pa.int64())]
)


class SlipRow(SQLModel, table=True):
    """The row of one slip."""

    __tablename__ = "lane_slip"
    __table_args__ = (Index("ix_lane_slip_open", "shop_id", "ended_at"),)

    id: str = Field(primary_key=True)
    shop_id: str
    origin: str
    market: str
    carrier: str
    found_at: datetime
    from_at: datetime
    n_judged: int
    n_late: int
    usual_late_rate: float
    p90_days: float
    ended_at: datetime | None = None
    notice: str = "drafted"
    decided_by: str = ""
    decided_at: datetime | None = None


class SlipParcelRow(SQLModel, table=True):
    """The row of one parcel on a lane that slips."""

    __tablename__ = "slip_parcel"
    __table_args__ = (Index("ix_slip_parcel_person", "person_id", "left_at"),)

    slip_id: str = Field(primary_key=True)
    order_fact_id: str = Field(primary_key=True)
    shop_id: str
    order_ref: str
    person_id: str
    left_at: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))
    """When it arrived, or the lane had recovered; 0 while its person is spared."""


class SlipHoldRow(SQLModel, table=True):
    """The row of one message that was held back for a slip; once per step and person."""

    __tablename__ = "slip_hold"

    plan_id: str = Field(primary_key=True)
    step_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    message_kind: str
    message_class: str
    at: int = Field(sa_column=Column(BigInteger, nullable=False))


_PARCELS, _HOLDS = cast(Any, SlipParcelRow).__table__, cast(Any, SlipHoldRow).__table__


class Slips:
    """Reads and writes slips."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, slip: Slip) -> None:
        """Keep a slip; one that is there stays."""
        if self._session.get(SlipRow, slip.id) is None:
            self._session.add(SlipRow(**slip.model_dump()))
            self._session.flush()

    def get(self, slip_id: str) -> Slip:
        """Give one slip; raise `NotFound`."""
        return _slip(self._row(slip_id))

    def open(self, shop_id: str) -> tuple[Slip, ...]:
        """Give the slips that last, oldest first."""
        query = select(SlipRow).where(SlipRow.shop_id == shop_id, col(SlipRow.ended_at).is_(None))
        return tuple(_slip(row) for row in self._session.exec(query.order_by(col(SlipRow.found_at), col(SlipRow.id))))

    def all(self, shop_id: str, limit: int = 100) -> tuple[Slip, ...]:
        """Give the shop's slips, newest first."""
        query = select(SlipRow).where(SlipRow.shop_id == shop_id).order_by(col(SlipRow.found_at).desc())
        return tuple(_slip(row) for row in self._session.exec(query.limit(limit)))

    def end(self, slip_id: str, at: datetime) -> None:
        """Note that the lane recovered: nobody waits for it any more."""
        row = self._row(slip_id)
        row.ended_at = row.ended_at or at
        self._session.add(row)
        still = (_PARCELS.c.slip_id == slip_id, _PARCELS.c.left_at == 0)
        self._session.connection().execute(update(_PARCELS).where(*still).values(left_at=to_micros(at)))
        self._session.flush()

    def decide(self, slip_id: str, notice: str, by: str, at: datetime) -> None:
        """Note that a person approved or declined the message; raise `InvalidInput` where somebody did before."""
        row = self._row(slip_id)
        if row.notice != "drafted":
            raise InvalidInput(what=f"slip {slip_id}", why=f"its message is {row.notice}", remedy="Leave it as it is")
        row.notice, row.decided_by, row.decided_at = notice, by, at
        self._session.add(row)
        self._session.flush()

    def put_parcels(self, slip: Slip, parcels: pa.Table, now: datetime) -> int:
        """Keep the parcels under way on a slip (order_fact_id, order_ref, person_id); give how many are new.

        Those of before that are not among them are there, and their people are not spared any more.
        """
        ids = parcels["order_fact_id"].to_pylist()
        known = {row[0] for row in self._session.connection().execute(_waiting(slip.id))}
        gone = sorted(known - set(ids))
        for start in range(0, len(gone), IDS_PER_QUERY):
            some = _PARCELS.c.order_fact_id.in_(gone[start : start + IDS_PER_QUERY])
            left = update(_PARCELS).where(_PARCELS.c.slip_id == slip.id, some).values(left_at=to_micros(now))
            self._session.connection().execute(left)
        names = ("slip_id", "shop_id", "order_fact_id", "order_ref", "person_id")
        same = ([slip.id] * len(ids), [slip.shop_id] * len(ids))
        columns = [*same, ids, parcels["order_ref"].to_pylist(), parcels["person_id"].to_pylist()]
        return insert_new(self._session.connection(), _PARCELS, names, columns)

    def counts(self, slip_id: str) -> tuple[int, int]:
        """Give how many people a slip touches or touched, and how many of them still wait."""
        people = func.count(_PARCELS.c.person_id.distinct())
        mine = _PARCELS.c.slip_id == slip_id
        n_all = self._session.connection().execute(select(people).where(mine)).scalar_one()
        n_now = self._session.connection().execute(select(people).where(mine, _PARCELS.c.left_at == 0)).scalar_one()
        return int(n_all), int(n_now)

    def spared(self, shop_id: str, person_ids: Iterable[str] | None = None) -> set[str]:
        """Give who waits for a parcel that slips; of these pseudonyms alone where any are given."""
        query = select(_PARCELS.c.person_id).where(_PARCELS.c.shop_id == shop_id, _PARCELS.c.left_at == 0).distinct()
        if person_ids is None:
            return {row[0] for row in self._session.connection().execute(query)}
        wanted, found = sorted(set(person_ids)), set[str]()
        for start in range(0, len(wanted), IDS_PER_QUERY):
            some = query.where(_PARCELS.c.person_id.in_(wanted[start : start + IDS_PER_QUERY]))
            found |= {row[0] for row in self._session.connection().execute(some)}
        return found

    def hold(self, shop_id: str, rows: Sequence[tuple[str, ...]], at: datetime) -> int:
        """Keep what was held back: (plan, step, person, kind, class); again is as good as once."""
        columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
        names = ("plan_id", "step_id", "person_id", "message_kind", "message_class", "shop_id", "at")
        more: list[list[Any]] = [[shop_id] * len(rows), [to_micros(at)] * len(rows)]
        return insert_new(self._session.connection(), _HOLDS, names, [*columns, *more]) if rows else 0

    def held(self, shop_id: str) -> pa.Table:
        """Give `HELD_SCHEMA` of every message that was held back."""
        names = [_HOLDS.c[name] for name in HELD_SCHEMA.names]
        rows = self._session.connection().execute(select(*names).where(_HOLDS.c.shop_id == shop_id)).all()
        columns = list(zip(*rows, strict=True)) or [()] * len(HELD_SCHEMA)
        return pa.table(
            [pa.array(one, kind) for one, kind in zip(columns, HELD_SCHEMA.types, strict=True)], HELD_SCHEMA.names
        )

    def _row(self, slip_id: str) -> SlipRow:
        row = self._session.get(SlipRow, slip_id, populate_existing=True)
        if row is None:
            raise NotFound(kind="slip", id=slip_id)
        return row


def _waiting(slip_id: str) -> Any:
    return select(_PARCELS.c.order_fact_id).where(_PARCELS.c.slip_id == slip_id, _PARCELS.c.left_at == 0)


def _slip(row: SlipRow) -> Slip:
    return Slip.model_validate(row.model_dump())
