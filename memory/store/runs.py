"""Runs, the schedules that start them, and the workers that carry them out."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, Column, CursorResult, UniqueConstraint, delete, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.errors import NotFound
from memory.domain.run import Run, RunStatus, Schedule, Worker

from .instants import from_micros, to_micros


class ScheduleRow(SQLModel, table=True):
    """The row of a schedule."""

    __tablename__ = "schedule"

    id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    kind: str
    every: str
    local_minute: int
    weekday: int
    day: int
    month: int
    zone: str
    brief: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    planner: str
    created_by: str
    created_at: datetime
    is_active: bool


class RunRow(SQLModel, table=True):
    """The row of a run; the database refuses a second one for the same slot."""

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("shop_id", "schedule_id", "slot", name="one_run_per_slot"),)

    id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    kind: str
    schedule_id: str
    slot: str
    slot_at: datetime
    n_missed: int = 0
    turn: int = 1
    status: str = Field(index=True)
    reason: str = ""
    message: str = ""
    plan_id: str = ""
    approval_id: str = ""
    grant_id: str = ""
    decided_by: str = ""
    started_at: datetime
    ended_at: datetime | None = None


class WorkerRow(SQLModel, table=True):
    """The row of a worker."""

    __tablename__ = "worker"

    name: str = Field(primary_key=True)
    version: str
    beat_at: int = Field(sa_column=Column(BigInteger, nullable=False))


class Runs:
    """Reads and moves runs."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def schedule(self, schedule: Schedule) -> None:
        """Keep a schedule."""
        self._session.merge(ScheduleRow(**schedule.model_dump()))
        self._session.flush()

    def get_schedule(self, schedule_id: str) -> Schedule:
        """Give a schedule; raise `NotFound`."""
        row = self._session.get(ScheduleRow, schedule_id, populate_existing=True)
        if row is None:
            raise NotFound(kind="schedule", id=schedule_id)
        return Schedule.model_validate(row.model_dump())

    def knows_schedule(self, schedule_id: str) -> bool:
        """Say whether a schedule exists or was removed."""
        return self._session.get(ScheduleRow, schedule_id) is not None

    def schedules(self, shop_id: str | None = None) -> tuple[Schedule, ...]:
        """Give active schedules, of one shop or of all."""
        query = select(ScheduleRow).where(col(ScheduleRow.is_active).is_(True))
        if shop_id is not None:
            query = query.where(ScheduleRow.shop_id == shop_id)
        rows = self._session.exec(query.order_by(col(ScheduleRow.created_at), col(ScheduleRow.id)))
        return tuple(Schedule.model_validate(row.model_dump()) for row in rows)

    def fire(self, run: Run) -> bool:
        """Add the run of a slot; false, and nothing added, where the slot has fired. One statement decides."""
        insert: Any = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = insert(RunRow).values(**run.model_dump()).on_conflict_do_nothing().returning(col(RunRow.id))
        return self._session.connection().execute(statement).first() is not None

    def has_fired(self, schedule: Schedule, slot: str) -> bool:
        """Say whether a slot has its run."""
        query = select(RunRow.id).where(RunRow.schedule_id == schedule.id, RunRow.slot == slot)
        return self._session.exec(query).first() is not None

    def last_slot_at(self, schedule_id: str) -> datetime | None:
        """Give the latest slot that fired, or none."""
        return self._session.exec(select(func.max(RunRow.slot_at)).where(RunRow.schedule_id == schedule_id)).first()

    def last_run(self, schedule_id: str) -> Run | None:
        """Give the run of a schedule that began last, in whatever status, or none."""
        query = select(RunRow).where(RunRow.schedule_id == schedule_id)
        row = self._session.exec(query.order_by(col(RunRow.started_at).desc(), col(RunRow.id)).limit(1)).first()
        return Run.model_validate(row.model_dump()) if row is not None else None

    def get(self, run_id: str) -> Run:
        """Give a run; raise `NotFound`."""
        row = self._session.get(RunRow, run_id, populate_existing=True)
        if row is None:
            raise NotFound(kind="run", id=run_id)
        return Run.model_validate(row.model_dump())

    def all(self, shop_id: str, status: RunStatus | None = None, limit: int = 200) -> tuple[Run, ...]:
        """Give the shop's runs, newest first."""
        query = select(RunRow).where(RunRow.shop_id == shop_id)
        if status is not None:
            query = query.where(RunRow.status == status)
        rows = self._session.exec(query.order_by(col(RunRow.started_at).desc(), col(RunRow.id)).limit(limit))
        return tuple(Run.model_validate(row.model_dump()) for row in rows)

    def open(self, status: RunStatus) -> tuple[Run, ...]:
        """Give all runs of a status in every shop, oldest first."""
        query = select(RunRow).where(RunRow.status == status).order_by(col(RunRow.started_at), col(RunRow.id))
        return tuple(Run.model_validate(row.model_dump()) for row in self._session.exec(query))

    def move(self, before: Run, **changes: Any) -> bool:
        """Change a run that still stands in the status and turn it is believed to; say whether this call did it."""
        change = (
            update(RunRow)
            .where(col(RunRow.id) == before.id, col(RunRow.status) == before.status, col(RunRow.turn) == before.turn)
            .values(**changes)
        )
        return cast(CursorResult[Any], self._session.connection().execute(change)).rowcount == 1

    def beat(self, worker: Worker) -> None:
        """Say that a worker lives."""
        self._session.merge(WorkerRow(**worker.model_dump() | {"beat_at": to_micros(worker.beat_at)}))
        self._session.flush()

    def workers(self) -> tuple[Worker, ...]:
        """Give every worker that did not sign off."""
        rows = self._session.exec(select(WorkerRow).order_by(col(WorkerRow.name)))
        return tuple(Worker(**row.model_dump() | {"beat_at": from_micros(row.beat_at)}) for row in rows)

    def sign_off(self, name: str) -> None:
        """Forget a worker."""
        self._session.connection().execute(delete(WorkerRow).where(col(WorkerRow.name) == name))
