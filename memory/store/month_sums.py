"""What a shop's messages, redemptions and model runs of a period come to, summed in the database."""

from datetime import UTC, datetime
from typing import Any, NamedTuple, cast

from sqlmodel import Session, func, select

from memory.domain.market import Channel

from .instants import to_micros
from .left_messages import LONGEST_HOLD
from .loyalty import LoyaltyRedemptionRow
from .outbox import COUNTED, OutboxRow
from .sessions import SessionRow

_MESSAGES = cast(Any, OutboxRow).__table__
_REDEMPTIONS = cast(Any, LoyaltyRedemptionRow).__table__
_SESSIONS = cast(Any, SessionRow).__table__


class MessageSum(NamedTuple):
    """Messages of one plan, market, channel and state."""

    plan_id: str
    market: str
    channel: Channel
    state: str
    """`claimed`, `sent` or `unknown`: each holds its slot and its money."""
    n: int
    cost_millis: int
    """What they reserve, sending and expected incentives, in thousandths of the shop's minor unit."""
    extra_millis: int
    """The part that rendered texts added to sending."""


class RunSum(NamedTuple):
    """Recorded runs of one language model."""

    llm: str
    n: int
    cost_microunits: int
    """In millionths of the price list's currency; 0 of a model without a price."""


class MonthSums:
    """Sums from one instant to before another."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._connection = session.connection()

    def messages(self, shop_id: str, since: datetime, until: datetime) -> list[MessageSum]:
        """Give the messages claimed in the period, in no order."""
        keys = [_MESSAGES.c[name] for name in ("plan_id", "market", "channel", "state")]
        sums = [func.count(), func.sum(_MESSAGES.c.cost_millis), func.sum(_MESSAGES.c.extra_millis)]
        query = select(*keys, *sums).where(
            _MESSAGES.c.shop_id == shop_id,
            _MESSAGES.c.state.in_(COUNTED),
            _MESSAGES.c.send_at >= to_micros(since - LONGEST_HOLD),
            _MESSAGES.c.claimed_at >= to_micros(since),
            _MESSAGES.c.claimed_at < to_micros(until),
        )
        rows = self._connection.execute(query.group_by(*keys))
        return [MessageSum(row[0], row[1], row[2], row[3], int(row[4]), int(row[5]), int(row[6])) for row in rows]

    def redemptions(self, shop_id: str, since: datetime, until: datetime) -> list[tuple[str, int, int]]:
        """Give (kind, n, worth in the shop's minor units) of points redeemed in the period, by kind."""
        kind, at = _REDEMPTIONS.c.kind, _REDEMPTIONS.c.redeemed_at
        query = select(kind, func.count(), func.sum(_REDEMPTIONS.c.worth_minor)).where(
            _REDEMPTIONS.c.shop_id == shop_id, at >= since, at < until
        )
        return [
            (row[0], int(row[1]), int(row[2])) for row in self._connection.execute(query.group_by(kind).order_by(kind))
        ]

    def runs(self, shop_id: str, since: datetime, until: datetime) -> list[RunSum]:
        """Give the recorded runs begun in the period by language model; without one they cost nothing and are left out.

        Starts are ISO 8601 in UTC, which compare as texts.
        """
        head = _SESSIONS.c.head
        query = select(head).where(
            _SESSIONS.c.shop_id == shop_id,
            _SESSIONS.c.started_at >= _text(since),
            _SESSIONS.c.started_at < _text(until),
        )
        found: dict[str, RunSum] = {}
        for (one,) in self._connection.execute(query):
            if name := one["llm"]:
                before = found.get(name, RunSum(name, 0, 0))
                found[name] = RunSum(name, before.n + 1, before.cost_microunits + one["cost_microunits"])
        return [found[name] for name in sorted(found)]


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
