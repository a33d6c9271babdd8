"""Lessons of measured plans: one row per plan, written once its lift is final, also where it taught nothing."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field, Session, SQLModel, select

from memory.domain.lesson import Lesson

from .instants import to_micros


class PlanLessonsRow(SQLModel, table=True):
    """What one plan taught."""

    __tablename__ = "plan_lessons"

    plan_id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    data_version: int = Field(sa_column=Column(BigInteger, nullable=False))
    read_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    content: str = Field(sa_column=Column(Text, nullable=False))


class Lessons:
    """Reads and writes what measured plans taught."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, shop_id: str, plan_id: str, lessons: Sequence[Lesson], data_version: int, at: datetime) -> None:
        """Keep what a plan taught, in the place of what older facts said; an empty list says that it taught nothing."""
        content = json.dumps([lesson.model_dump(mode="json") for lesson in lessons], sort_keys=True)
        row = PlanLessonsRow(
            plan_id=plan_id, shop_id=shop_id, data_version=data_version, read_at=to_micros(at), content=content
        )
        self._session.merge(row)
        self._session.flush()

    def of(self, shop_id: str) -> tuple[Lesson, ...]:
        """Give the shop's lessons, by the instant they were read and their names."""
        query = select(PlanLessonsRow).where(PlanLessonsRow.shop_id == shop_id)
        rows = self._session.exec(query.order_by(_COLUMNS.read_at, _COLUMNS.plan_id)).all()
        found = [Lesson.model_validate(one) for row in rows for one in json.loads(row.content)]
        return tuple(sorted(found, key=lambda lesson: (lesson.ends_on, lesson.id)))

    def read_plans(self, shop_id: str) -> frozenset[str]:
        """Give the plans whose final lift was read, whether they taught something or not."""
        return frozenset(
            self._session.exec(select(PlanLessonsRow.plan_id).where(PlanLessonsRow.shop_id == shop_id)).all()
        )


_COLUMNS: Any = PlanLessonsRow
