"""Counts over the outbox for people who watch a plan: per step, per offer, harm, and what a shadow would have sent."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast, get_args

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_
from sqlmodel import Session, col, select, update

from memory.domain.market import Channel

from .consents import SuppressionRow
from .contacts import ContactRow
from .instants import to_micros
from .outbox import OutboxRow

_TABLE = cast(Any, OutboxRow).__table__
WENT = ("sent", "unknown")
IDS_PER_QUERY = 5_000


class Progress(NamedTuple):
    """Where a channel's messages stand."""

    n_due: int = 0
    """Planned, and their instant has come."""
    n_in_hand: int = 0
    """Held by a worker."""
    n_sent: int = 0
    """Sent within the last while."""
    n_later: int = 0
    """Planned for later."""


class SentCounts:
    """Reads and re-points messages of whole plans."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session
        self._connection = session.connection()

    def by_step(self, plan_id: str) -> dict[tuple[str, str, str], int]:
        """Give how many messages per (step id, state, reason)."""
        query = select(_TABLE.c.step_id, _TABLE.c.state, _TABLE.c.reason, func.count())
        grouped = query.where(_TABLE.c.plan_id == plan_id).group_by(_TABLE.c.step_id, _TABLE.c.state, _TABLE.c.reason)
        return {(row[0], row[1], row[2]): row[3] for row in self._connection.execute(grouped)}

    def of_kind(self, shop_id: str, kind: str) -> dict[tuple[str, str, str], int]:
        """Give how many messages of a kind per (market, state, reason), of all plans; reads the shop's whole outbox."""
        columns = (_TABLE.c.market, _TABLE.c.state, _TABLE.c.reason)
        query = select(*columns, func.count()).where(_TABLE.c.shop_id == shop_id, _TABLE.c.message_kind == kind)
        return {(row[0], row[1], row[2]): row[3] for row in self._connection.execute(query.group_by(*columns))}

    def issued(self, plan_id: str) -> dict[str, int]:
        """Give how many people hold each offer of a plan: it went to them, or may have."""
        query = select(_TABLE.c.offer_id, func.count(_TABLE.c.person_id.distinct())).where(
            _TABLE.c.plan_id == plan_id, _TABLE.c.offer_id != "", _TABLE.c.state.in_((*WENT, "claimed"))
        )
        return {row[0]: row[1] for row in self._connection.execute(query.group_by(_TABLE.c.offer_id))}

    def n_reached(self, plan_id: str) -> int:
        """Give how many people got at least one message."""
        query = select(func.count(_TABLE.c.person_id.distinct()))
        return int(
            self._connection.execute(query.where(_TABLE.c.plan_id == plan_id, _TABLE.c.state.in_(WENT))).scalar_one()
        )

    def reached_between(self, shop_id: str, since: datetime, until: datetime) -> list[tuple[str, str]]:
        """Give (person_id, plan_id) of messages of a shop that left, or may have, from `since` to before `until`.

        Each pair once.
        """
        query = select(_TABLE.c.person_id, _TABLE.c.plan_id).distinct()
        left_at = (_TABLE.c.claimed_at >= to_micros(since), _TABLE.c.claimed_at < to_micros(until))
        where = (_TABLE.c.shop_id == shop_id, _TABLE.c.state.in_(WENT), *left_at)
        return [(row[0], row[1]) for row in self._connection.execute(query.where(*where))]

    def progress(self, shop_id: str, now: datetime, within: timedelta, lives: timedelta) -> dict[str, Progress]:
        """Give by channel how many messages are due, in hand, sent within the last while, and planned for later.

        Only messages whose instant came within `lives` can have been sent just now: later ones lapse.
        """
        at = to_micros(now)
        recent = (_TABLE.c.send_at > to_micros(now - lives)) & (_TABLE.c.finished_at > to_micros(now - within))
        where: dict[str, ColumnElement[bool]] = {
            "n_due": (_TABLE.c.state == "planned") & (_TABLE.c.send_at <= at),
            "n_in_hand": _TABLE.c.state == "claimed",
            "n_sent": (_TABLE.c.state == "sent") & recent,
            "n_later": (_TABLE.c.state == "planned") & (_TABLE.c.send_at > at),
        }
        found: dict[str, Progress] = {}
        for channel in get_args(Channel):  # one at a time: the index begins with shop and channel
            counts = {name: self._n(shop_id, channel, clause) for name, clause in where.items()}
            if any(counts.values()):
                found[channel] = Progress(**counts)
        return found

    def _n(self, shop_id: str, channel: str, clause: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(_TABLE)
        query = query.where(_TABLE.c.shop_id == shop_id, _TABLE.c.channel == channel, clause)
        return int(self._connection.execute(query).scalar_one())

    def ended(self, plan_id: str) -> dict[str, int]:
        """Give how many messages of a plan a provider took or refused for good, per state."""
        query = select(_TABLE.c.state, func.count()).where(
            _TABLE.c.plan_id == plan_id, _TABLE.c.state.in_(("sent", "unknown", "failed"))
        )
        return {row[0]: row[1] for row in self._connection.execute(query.group_by(_TABLE.c.state))}

    def harmed(self, plan_id: str, since: datetime) -> dict[str, int]:
        """Give messages of a plan whose address was suppressed for a reason afterwards, per reason."""
        query = (
            select(SuppressionRow.reason, func.count(_TABLE.c.send_key.distinct()))
            .select_from(_TABLE)
            .join(ContactRow, and_(col(ContactRow.shop_id) == _TABLE.c.shop_id, _is_person()))
            .join(SuppressionRow, and_(col(SuppressionRow.shop_id) == _TABLE.c.shop_id, _is_address()))
            .where(_TABLE.c.plan_id == plan_id, _TABLE.c.state.in_(WENT), col(SuppressionRow.at) >= since)
        )
        return {row[0]: row[1] for row in self._connection.execute(query.group_by(col(SuppressionRow.reason)))}

    def shadow_slots(self, person_ids: Iterable[str], plan_ids: Sequence[str], since: datetime) -> Sequence[Row[Any]]:
        """Give (person_id, message_class, at) of messages that plans in the shadow would have sent."""
        found: list[Any] = []
        ordered = sorted(person_ids) if plan_ids else []
        for start in range(0, len(ordered), IDS_PER_QUERY):
            query = select(_TABLE.c.person_id, _TABLE.c.message_class, _TABLE.c.finished_at.label("at")).where(
                _TABLE.c.person_id.in_(ordered[start : start + IDS_PER_QUERY]),
                _TABLE.c.plan_id.in_(plan_ids),
                _TABLE.c.reason == "would_have_sent",
                _TABLE.c.finished_at > to_micros(since),
            )
            found.extend(self._connection.execute(query).all())
        return found

    def samples(self, plan_id: str, state: str, reason: str, limit: int) -> Sequence[Row[Any]]:
        """Give some messages of a plan in a state with a reason."""
        query = select(_TABLE).where(_TABLE.c.plan_id == plan_id, _TABLE.c.state == state, _TABLE.c.reason == reason)
        return self._connection.execute(query.order_by(_TABLE.c.send_key).limit(limit)).all()

    def hand_over(
        self, old_plan_id: str, new_plan_id: str, steps: Iterable[str], at: datetime, renewed: Callable[[str], str]
    ) -> int:
        """Give waiting messages of these steps to the plan's successor and end its other ones; give how many went.

        `renewed` gives the certificate a message carries from now on.
        """
        waits = and_(_TABLE.c.plan_id == old_plan_id, _TABLE.c.state == "planned")
        query = select(_TABLE.c.send_key, _TABLE.c.certificate).where(waits, _TABLE.c.step_id.in_(sorted(steps)))
        moved = [{"of_key": row[0], "renewed": renewed(row[1])} for row in self._connection.execute(query).all()]
        if moved:
            statement = update(_TABLE).where(_TABLE.c.send_key == bindparam("of_key"))
            self._connection.execute(statement.values(plan_id=new_plan_id, certificate=bindparam("renewed")), moved)
        self._connection.execute(
            update(_TABLE).where(waits).values(state="suppressed", reason="amended", finished_at=to_micros(at))
        )
        return len(moved)


def _is_person() -> ColumnElement[bool]:
    """A message names the person it was decided for; contacts are kept per record of it."""
    return and_(col(ContactRow.subject_id) == _TABLE.c.person_id)


def _is_address() -> ColumnElement[bool]:
    keys = {"email": ContactRow.email_key, "sms": ContactRow.phone_key, "push": ContactRow.push_key}
    same_channel = col(SuppressionRow.channel) == _TABLE.c.channel
    return and_(
        same_channel,
        or_(
            *[
                and_(
                    _TABLE.c.channel == channel,
                    col(key) == col(SuppressionRow.address_key),
                    col(key) != "",
                )
                for channel, key in keys.items()
            ]
        ),
    )
