"""The first touch after each order: what was decided of it in time, or why nothing was. Written once per order."""

from datetime import datetime
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, Session, SQLModel, select

from memory.domain.facts import INSTANT

from .bulk import insert_new
from .instants import to_micros

FIRST_TOUCH_SCHEMA = pa.schema(
    [
        ("order_fact_id", pa.string()),
        ("order_ref", pa.string()),
        ("person_id", pa.string()),  # empty for an order of nobody who is known
        ("ordered_at", INSTANT),
        ("outcome", pa.string()),  # sent, held_out, withheld, or none
        ("reason", pa.string()),  # of the decision, or why there was none
        ("plan_id", pa.string()),  # of the decision; empty where there was none
        ("step_id", pa.string()),
        ("decided_at", INSTANT),  # null where there was none
    ]
)
ROWS_PER_PART = 50_000


class FirstTouchRow(SQLModel, table=True):
    """The row of one order. Never changed."""

    __tablename__ = "first_touch"
    __table_args__ = (Index("ix_first_touch_order", "shop_id", "ordered_at"),)

    shop_id: str = Field(primary_key=True)
    order_fact_id: str = Field(primary_key=True)
    order_ref: str
    person_id: str = Field(index=True)
    ordered_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    outcome: str
    reason: str
    plan_id: str = ""
    step_id: str = ""
    decided_at: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))
    """0 where nothing was decided."""


_TABLE = cast(Any, FirstTouchRow).__table__


class FirstTouches:
    """Reads and writes first touches."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, shop_id: str, rows: pa.Table) -> int:
        """Keep rows of `FIRST_TOUCH_SCHEMA`; an order that is there stays as it is. Give how many were new."""
        plain = rows.set_column(3, "ordered_at", pc.cast(rows["ordered_at"], pa.int64()))
        plain = plain.set_column(8, "decided_at", pc.fill_null(pc.cast(rows["decided_at"], pa.int64()), 0))
        n_new, connection = 0, self._session.connection()
        for part in plain.to_batches(max_chunksize=ROWS_PER_PART):
            columns = [column.to_pylist() for column in part.columns]
            names = ("shop_id", *part.schema.names)
            n_new += insert_new(connection, _TABLE, names, [[shop_id] * part.num_rows, *columns])
        return n_new

    def table(self, shop_id: str, since: datetime, until: datetime) -> pa.Table:
        """Give `FIRST_TOUCH_SCHEMA` of orders placed from `since` on and before `until`."""
        query = select(*[_TABLE.c[name] for name in FIRST_TOUCH_SCHEMA.names]).where(
            _TABLE.c.shop_id == shop_id, _TABLE.c.ordered_at >= to_micros(since), _TABLE.c.ordered_at < to_micros(until)
        )
        rows = self._session.connection().execute(query.order_by(_TABLE.c.ordered_at, _TABLE.c.order_fact_id)).all()
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in FIRST_TOUCH_SCHEMA.names]
        columns[8] = [at or None for at in columns[8]]
        arrays = [
            pa.array(one, pa.int64()).cast(kind) if kind == INSTANT else pa.array(one, kind)
            for one, kind in zip(columns, FIRST_TOUCH_SCHEMA.types, strict=True)
        ]
        return pa.table(arrays, schema=FIRST_TOUCH_SCHEMA)
