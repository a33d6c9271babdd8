"""Waits and leases written by a clock that was ahead: they count from the instant they were written, not before it.

A wait says what holds from its own instant on: until then hours, approvals and limits may say something else.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, literal_column, select, update
from sqlmodel import Session

from memory.domain.clock import SKEW

from .instants import to_micros
from .outbox import OutboxRow

_TABLE = cast(Any, OutboxRow).__table__


class Ahead:
    """Finds what a clock wrote that was ahead of the present one, and voids it."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._connection = session.connection()

    def any(self, shop_id: str, channel: str, now: datetime, lease: timedelta) -> bool:
        """Say whether a channel has messages that wait or are leased by such a clock; `lease` is how long one lasts."""
        held, leased = self._held(shop_id, channel, now), self._leased(shop_id, channel, now, lease)
        return any(self._connection.execute(query.limit(1)).first() is not None for query in (held, leased))

    def void(self, shop_id: str, channel: str, now: datetime, lease: timedelta) -> int:
        """Let such waits end and such leases end one lease from now; give how many there were.

        Whoever holds such a lease and still lives hands nothing off past that: it began its own stopwatch earlier.
        """
        held = self._held(shop_id, channel, now).with_for_update(skip_locked=True)
        looked = update(_TABLE).where(_TABLE.c.send_key.in_(held)).values(send_at=_TABLE.c.due_at, held_at=0)
        leased = self._leased(shop_id, channel, now, lease).with_for_update(skip_locked=True)
        ended = update(_TABLE).where(_TABLE.c.send_key.in_(leased)).values(lease_until=to_micros(now + lease))
        return sum(cast(CursorResult[Any], self._connection.execute(each)).rowcount for each in (looked, ended))

    def _held(self, shop_id: str, channel: str, now: datetime) -> Any:
        return self._of(shop_id, channel, "planned").where(
            literal_column("held_at") > literal_column("0"),  # word for word the condition of the index
            _TABLE.c.held_at > to_micros(now + SKEW),
        )

    def _leased(self, shop_id: str, channel: str, now: datetime, lease: timedelta) -> Any:
        return self._of(shop_id, channel, "claimed").where(_TABLE.c.lease_until > to_micros(now + lease + SKEW))

    def _of(self, shop_id: str, channel: str, state: str) -> Any:
        return select(_TABLE.c.send_key).where(
            _TABLE.c.shop_id == shop_id, _TABLE.c.channel == channel, _TABLE.c.state == state
        )
