"""Messages of a shop that left, or may have, in a period: what a look back at limits reads."""

from datetime import datetime, timedelta
from typing import Any, cast

import pyarrow as pa
from sqlalchemy import BigInteger
from sqlmodel import Session, func, select

from .instants import from_micros, to_micros
from .outbox import COUNTED, OutboxRow

_TABLE = cast(Any, OutboxRow).__table__
LONGEST_HOLD = timedelta(days=10)
"""A message is claimed at most this long after it may be: it lapses long before."""
COLUMNS = (
    "send_key", "plan_id", "batch_id", "step_id", "person_id", "channel", "message_class", "zone", "cost_millis",
    "claimed_at",
)  # fmt: skip


class LeftMessages:
    """Reads what left."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._connection = session.connection()

    def last_at(self, shop_id: str) -> datetime | None:
        """Give when the last message that left, or may have, was to go; none where none did."""
        query = select(func.max(_TABLE.c.send_at)).where(_TABLE.c.shop_id == shop_id, _TABLE.c.state.in_(COUNTED))
        found = self._connection.execute(query).scalar()
        return None if found is None else from_micros(found)

    def between(self, shop_id: str, since: datetime, until: datetime) -> pa.Table:
        """Give `COLUMNS` of messages claimed from `since` to before `until`, instants in microseconds, no order."""
        rows = self._connection.execute(
            select(*[_TABLE.c[name] for name in COLUMNS]).where(
                _TABLE.c.shop_id == shop_id,
                _TABLE.c.state.in_(COUNTED),
                _TABLE.c.send_at >= to_micros(since - LONGEST_HOLD),
                _TABLE.c.claimed_at >= to_micros(since),
                _TABLE.c.claimed_at < to_micros(until),
            )
        ).all()
        values = list(zip(*rows, strict=True)) or [() for _ in COLUMNS]
        kinds = [pa.int64() if isinstance(_TABLE.c[name].type, BigInteger) else pa.string() for name in COLUMNS]
        return pa.table({name: pa.array(values[at], kinds[at]) for at, name in enumerate(COLUMNS)})
