"""Plans: the content under its hash, where it stands, and everyone who touched it."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from pydantic import computed_field
from sqlalchemy import JSON, Column, Text, func
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.approval import PlanStatus
from memory.domain.base import Frozen, Instant
from memory.domain.canonical import canonical_json
from memory.domain.errors import NotFound, SecondOrderError
from memory.domain.plan import Plan, RetentionGoal


class PlanAltered(SecondOrderError):
    """The stored content of plan {plan_id} no longer has that hash: somebody edited the database. Restore a backup."""


class StoredPlan(Frozen):
    """A plan with its standing."""

    plan: Plan
    """The content."""
    status: PlanStatus
    """Where it stands."""
    created_by: str
    """Who drafted it."""
    touched_by: tuple[str, ...]
    """Everyone who touched the content, the author included, sorted."""
    created_at: Instant
    """When it was stored first."""
    session_id: str
    """The recorded session it came from; empty for none."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def stage(self) -> Literal["post_purchase"]:
        """Give where it works: after a purchase, always (S1-02)."""
        return self.plan.stage

    @computed_field  # type: ignore[prop-decorator]
    @property
    def goals(self) -> tuple[RetentionGoal, ...]:
        """Give which of repeat, clv, loyalty and referral it serves; at least one."""
        return self.plan.goals


class PlanRow(SQLModel, table=True):
    """The row of a plan."""

    __tablename__ = "plan"

    id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    title: str
    status: str = Field(index=True)
    content: str = Field(sa_column=Column(Text, nullable=False))  # canonical JSON: the bytes the id is the hash of
    created_by: str
    touched_by: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime
    session_id: str


class Plans:
    """Reads and writes plans."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(
        self,
        plan: Plan,
        created_by: str,
        touched_by: Iterable[str],
        at: datetime,
        session_id: str = "",
        status: PlanStatus = "draft",
    ) -> StoredPlan:
        """Store a plan. The same content again only adds to who touched it; its status stays."""
        everyone = {created_by, *touched_by}
        row = self._session.get(PlanRow, plan.id)
        if row is None:
            row = PlanRow(
                id=plan.id,
                shop_id=plan.shop_id,
                title=plan.title,
                status=status,
                content=canonical_json(plan).decode("utf-8"),
                created_by=created_by,
                touched_by=sorted(everyone),
                created_at=at,
                session_id=session_id,
            )
        else:
            row.touched_by = sorted(everyone | set(row.touched_by))
        self._session.add(row)
        self._session.flush()
        return _stored(row)

    def get(self, plan_id: str) -> StoredPlan:
        """Give a plan by its full id or by a beginning that only one plan has (8 digits or more).

        Raise `NotFound`, or `PlanAltered` where the content no longer has its hash.
        """
        row = self._session.get(PlanRow, plan_id)
        if row is None and 8 <= len(plan_id) < 64 and plan_id.isalnum():
            rows = self._session.exec(select(PlanRow).where(PlanRow.id.startswith(plan_id)).limit(2)).all()
            row = rows[0] if len(rows) == 1 else None
        if row is None:
            raise NotFound(kind="plan", id=plan_id)
        return _stored(row)

    def titles(self, plan_ids: Iterable[str]) -> dict[str, str]:
        """Give the titles of plans without their content."""
        query = select(PlanRow.id, PlanRow.title).where(PlanRow.id.in_(sorted(plan_ids)))  # type: ignore[attr-defined]
        return {row[0]: row[1] for row in self._session.connection().execute(query)}

    def standing(self, plan_id: str) -> tuple[PlanStatus, tuple[str, ...]]:
        """Give a plan's status and who touched it, without its content; raise `NotFound`."""
        query = select(PlanRow.status, PlanRow.touched_by).where(PlanRow.id == plan_id)
        row = self._session.connection().execute(query).first()
        if row is None:
            raise NotFound(kind="plan", id=plan_id)
        return row[0], tuple(row[1])

    def set_status(self, plan_id: str, status: PlanStatus) -> None:
        """Move a plan on; raise `NotFound`."""
        row = self._session.get(PlanRow, plan_id)
        if row is None:
            raise NotFound(kind="plan", id=plan_id)
        row.status = status
        self._session.add(row)
        self._session.flush()

    def all(self, shop_id: str, status: PlanStatus | None = None) -> tuple[StoredPlan, ...]:
        """Give the plans of a shop, newest first; only those of one status where it is given."""
        query = select(PlanRow).where(PlanRow.shop_id == shop_id)
        if status is not None:
            query = query.where(PlanRow.status == status)
        ordered = query.order_by(PlanRow.created_at.desc(), PlanRow.id)  # type: ignore[attr-defined]
        return tuple(_stored(row) for row in self._session.exec(ordered))

    def some(
        self, shop_id: str, status: PlanStatus | None = None, text: str = "", start: int = 0, n: int = 50
    ) -> tuple[int, tuple[StoredPlan, ...]]:
        """Give how many plans of a shop there are, and `n` of them from `start` on, newest first.

        Only those of one status and with `text` in title or id where they are given; letters of any case.
        """
        wanted = [col(PlanRow.shop_id) == shop_id]
        if status is not None:
            wanted.append(col(PlanRow.status) == status)
        if text:
            named = col(PlanRow.title).icontains(text, autoescape=True)
            wanted.append(named | col(PlanRow.id).startswith(text.lower(), autoescape=True))
        n_all = self._session.exec(select(func.count()).select_from(PlanRow).where(*wanted)).one()
        ordered = select(PlanRow).where(*wanted).order_by(col(PlanRow.created_at).desc(), col(PlanRow.id))
        return n_all, tuple(_stored(row) for row in self._session.exec(ordered.offset(start).limit(n)))


@lru_cache(maxsize=32)
def _read(content: str) -> Plan:
    """Read a plan's content, once per content: it is asked for with every batch of messages, and its hash is long."""
    return Plan.model_validate(json.loads(content))


def _stored(row: PlanRow) -> StoredPlan:
    plan = _read(row.content)
    if plan.id != row.id:
        raise PlanAltered(plan_id=row.id)
    return StoredPlan(
        plan=plan,
        status=row.status,
        created_by=row.created_by,
        touched_by=tuple(row.touched_by),
        created_at=row.created_at,
        session_id=row.session_id,
    )
