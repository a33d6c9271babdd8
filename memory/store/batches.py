"""Decision batches and live plans: the store rows that make rows of the lake exist."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.base import Frozen, Instant

from .instants import from_micros, to_micros


class Batch(Frozen):
    """One tick that is done: the decisions it wrote and the time it covered."""

    batch_id: str
    """Its id, on every decision row."""
    shop_id: str
    """Whose."""
    slot_at: Instant
    """The tick's slot; there is one batch per shop and slot."""
    covers_until: Instant
    """Everything due before this instant was decided."""
    lake_versions: dict[str, int]
    """Lake version per table that holds its rows; empty where nothing was due."""
    content_hash: str
    """Hash over its decisions."""
    n_decisions: int
    """How many decisions."""
    report: dict[str, Any]
    """The tick's report as JSON."""
    kind: str = "slot"
    """`slot` for a tick, `trigger` for what an event made due."""


class LivePlan(Frozen):
    """A plan that runs: when its people were frozen."""

    plan_id: str
    """The plan."""
    shop_id: str
    """Whose."""
    live_at: Instant
    """When it went live; also `frozen_at` of its rows in the lake."""
    n_people: int
    """How many people it holds."""


class BatchRow(SQLModel, table=True):
    """The row of a batch."""

    __tablename__ = "decision_batch"
    __table_args__ = (
        UniqueConstraint("shop_id", "slot_at", "kind", name="one_batch_per_slot"),
        Index("decision_batch_last", "shop_id", "kind", "covers_until"),
    )

    batch_id: str = Field(primary_key=True)
    shop_id: str
    slot_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    covers_until: int = Field(sa_column=Column(BigInteger, nullable=False))
    lake_versions: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    content_hash: str
    n_decisions: int
    report: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    kind: str = Field(default="slot", sa_column_kwargs={"server_default": "slot"})


class LakeHeadRow(SQLModel, table=True):
    """The newest version of one lake table that a batch named: batches are many, tables few."""

    __tablename__ = "lake_head"

    name: str = Field(primary_key=True)
    number: int


class LivePlanRow(SQLModel, table=True):
    """The row of a plan that runs."""

    __tablename__ = "live_plan"

    plan_id: str = Field(primary_key=True)
    shop_id: str
    live_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    n_people: int
    looked_at: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))
    """Up to which slot second channels were looked at; stands still while the plan is paused."""


class Batches:
    """Reads and writes batches and live plans."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, batch: Batch) -> None:
        """Add a batch and note the versions it names; the database refuses a second one for the same shop and slot."""
        values = batch.model_dump() | {
            "slot_at": to_micros(batch.slot_at),
            "covers_until": to_micros(batch.covers_until),
        }
        self._session.add(BatchRow(**values))
        for name, number in batch.lake_versions.items():
            head = self._session.get(LakeHeadRow, name, populate_existing=True) or LakeHeadRow(name=name, number=0)
            head.number = max(head.number, number)
            self._session.add(head)
        self._session.flush()

    def at(self, shop_id: str, slot_at: datetime) -> Batch | None:
        """Give the batch of a slot, or none."""
        where = (col(BatchRow.shop_id) == shop_id, col(BatchRow.slot_at) == to_micros(slot_at))
        row = self._session.exec(select(BatchRow).where(*where, BatchRow.kind == "slot")).first()
        return _batch(row) if row else None

    def read_at(self, batch_ids: Iterable[str]) -> dict[str, datetime]:
        """Give when what each of these batches went by was read: what was said later it did not know.

        A tick's report says it. Of triggers, and of ticks that did not note it yet, it is the batch's own instant.
        """
        query = select(BatchRow.batch_id, BatchRow.slot_at, BatchRow.report)
        rows = self._session.exec(query.where(col(BatchRow.batch_id).in_(sorted(set(batch_ids)))))
        return {
            batch_id: datetime.fromisoformat(noted) if (noted := report.get("read_at")) else from_micros(slot_at)
            for batch_id, slot_at, report in rows
        }

    def last(self, shop_id: str) -> Batch | None:
        """Give the batch that covers the latest time, or none."""
        query = select(BatchRow).where(col(BatchRow.shop_id) == shop_id, BatchRow.kind == "slot")
        row = self._session.exec(query.order_by(col(BatchRow.covers_until).desc()).limit(1)).first()
        return _batch(row) if row else None

    def first_past(self, shop_id: str, at: datetime) -> datetime | None:
        """Give the slot of the first batch that covers an instant or what comes after it, or none."""
        query = select(BatchRow.slot_at).where(col(BatchRow.shop_id) == shop_id, BatchRow.kind == "slot")
        query = query.where(col(BatchRow.covers_until) > to_micros(at)).order_by(col(BatchRow.covers_until))
        found = self._session.exec(query.limit(1)).first()
        return None if found is None else from_micros(found)

    def all(self, shop_id: str) -> Sequence[Batch]:
        """Give all batches of a shop in order of their slots."""
        query = select(BatchRow).where(col(BatchRow.shop_id) == shop_id).order_by(col(BatchRow.slot_at))
        return [_batch(row) for row in self._session.exec(query)]

    def has_decided(self, shop_id: str, after: datetime | None, until: datetime) -> bool:
        """Say whether a slot after one instant, or ever, and up to another decided anything in the shop."""
        query = select(BatchRow.batch_id).where(col(BatchRow.shop_id) == shop_id, col(BatchRow.n_decisions) > 0)
        query = query.where(col(BatchRow.slot_at) <= to_micros(until))
        if after is not None:
            query = query.where(col(BatchRow.slot_at) > to_micros(after))
        return self._session.exec(query.limit(1)).first() is not None

    def lake_versions(self) -> dict[str, int]:
        """Give the newest named version of each lake table that batches of any shop wrote."""
        return {row[0]: row[1] for row in self._session.exec(select(LakeHeadRow.name, LakeHeadRow.number))}

    def go_live(self, plan: LivePlan) -> None:
        """Note that a plan runs."""
        self._session.add(LivePlanRow(**plan.model_dump() | {"live_at": to_micros(plan.live_at)}))
        self._session.flush()

    def live(self, plan_id: str) -> LivePlan | None:
        """Give when a plan went live, or none."""
        row = self._session.get(LivePlanRow, plan_id)
        if row is None:
            return None
        return LivePlan(**row.model_dump(exclude={"looked_at"}) | {"live_at": from_micros(row.live_at)})

    def looked_at(self, plan_id: str) -> datetime | None:
        """Give up to which slot the plan's second channels were looked at, or none."""
        row = self._session.get(LivePlanRow, plan_id, populate_existing=True)
        return from_micros(row.looked_at) if row is not None and row.looked_at else None

    def looked(self, plan_ids: Sequence[str], slot_at: datetime) -> None:
        """Note that the second channels of these plans were looked at up to the slot."""
        for plan_id in plan_ids:
            row = self._session.get(LivePlanRow, plan_id)
            if row is not None:
                row.looked_at = max(row.looked_at, to_micros(slot_at))
        self._session.flush()


def _batch(row: BatchRow) -> Batch:
    instants = {"slot_at": from_micros(row.slot_at), "covers_until": from_micros(row.covers_until)}
    return Batch(**row.model_dump() | instants)
