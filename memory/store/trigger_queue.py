"""Triggers: what people did that may make a step due at once, written with the facts and taken by the trigger run."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, Session, SQLModel, col, delete, insert, select, update

from .instants import to_micros
from .numbers import BIG

IDS_PER_QUERY = 5_000


def _big(**more: Any) -> Any:
    return Column(BigInteger, nullable=False, **more)


class TriggerRow(SQLModel, table=True):
    """One deed of one person that a trigger listens to."""

    __tablename__ = "trigger_queue"
    __table_args__ = (Index("trigger_ready", "shop_id", "decided_at", "ready_at"),)

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    shop_id: str
    subject_id: str
    trigger: str
    """Which trigger: `delivered` or `intent`."""
    event_at: int = Field(sa_column=_big())
    received_at: int = Field(sa_column=_big())
    ready_at: int = Field(sa_column=_big())
    """When it is looked at: at once, or after the wait of the one step that it names."""
    step: str = ""
    """Plan and step it waits for; empty where every step that listens is meant."""
    decided_at: int = Field(default=0, sa_column=_big(server_default="0"))


class TriggeredRow(SQLModel, table=True):
    """A step that a trigger decided for a person: its date does not decide it again."""

    __tablename__ = "triggered_step"

    plan_id: str = Field(primary_key=True)
    step_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)


class TriggerQueue:
    """Reads and moves triggers."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, rows: Sequence[dict[str, Any]]) -> None:
        """Queue deeds: dicts of `TriggerRow`'s columns."""
        if rows:
            self._session.connection().execute(insert(TriggerRow), list(rows))

    def ready(self, shop_id: str, now: datetime, limit: int) -> list[TriggerRow]:
        """Give up to `limit` undecided deeds whose instant has come, oldest first; `are_ready` asks again."""
        query = select(TriggerRow).where(
            TriggerRow.shop_id == shop_id, TriggerRow.decided_at == 0, TriggerRow.ready_at <= to_micros(now)
        )
        return list(self._session.exec(query.order_by(col(TriggerRow.id)).limit(limit)))

    def are_ready(self, ids: Sequence[int]) -> bool:
        """Say whether nobody decided any of these meanwhile; locks them on PostgreSQL until the transaction ends."""
        for start in range(0, len(ids), IDS_PER_QUERY):
            some = ids[start : start + IDS_PER_QUERY]
            query = select(TriggerRow.decided_at).where(col(TriggerRow.id).in_(some)).order_by(col(TriggerRow.id))
            if any(self._session.connection().execute(query.with_for_update()).scalars()):
                return False
        return True

    def decided(self, ids: Sequence[int], now: datetime) -> None:
        """Note that these were decided."""
        for start in range(0, len(ids), IDS_PER_QUERY):
            some = ids[start : start + IDS_PER_QUERY]
            self._session.exec(update(TriggerRow).where(col(TriggerRow.id).in_(some)).values(decided_at=to_micros(now)))

    def steps_of(
        self, plan_id: str, step_ids: Iterable[str], person_ids: Iterable[str] | None = None
    ) -> list[tuple[str, str]]:
        """Give (step id, person id) of what triggers decided of these steps, of these people where any are given."""
        query = select(TriggeredRow.step_id, TriggeredRow.person_id).where(
            TriggeredRow.plan_id == plan_id, col(TriggeredRow.step_id).in_(sorted(set(step_ids)))
        )
        if person_ids is None:
            return [(row[0], row[1]) for row in self._session.connection().execute(query)]
        found: list[tuple[str, str]] = []
        wanted = sorted(set(person_ids))
        for start in range(0, len(wanted), IDS_PER_QUERY):
            some = query.where(col(TriggeredRow.person_id).in_(wanted[start : start + IDS_PER_QUERY]))
            found.extend((row[0], row[1]) for row in self._session.connection().execute(some))
        return found

    def note_steps(self, plan_id: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Keep that triggers decided these (step id, person id)."""
        rows = [{"plan_id": plan_id, "step_id": step, "person_id": person} for step, person in pairs]
        if rows:
            self._session.connection().execute(insert(TriggeredRow), rows)

    def latencies(self, shop_id: str, since: datetime) -> list[int]:
        """Give microseconds from receipt to decision of the deeds decided since then that waited for no instant."""
        query = select(TriggerRow.decided_at - TriggerRow.received_at).where(
            TriggerRow.shop_id == shop_id,
            TriggerRow.decided_at >= to_micros(since),
            TriggerRow.ready_at == TriggerRow.received_at,
        )
        return [int(row[0]) for row in self._session.connection().execute(query)]

    def forget_before(self, shop_id: str, before: datetime) -> None:
        """Delete decided deeds that are older."""
        old = (
            col(TriggerRow.shop_id) == shop_id,
            col(TriggerRow.decided_at) > 0,
            col(TriggerRow.decided_at) < to_micros(before),
        )
        self._session.exec(delete(TriggerRow).where(*old))
