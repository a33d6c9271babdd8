"""Staged releases: where each stands, and each treated person's stored place in the order of release."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

import pyarrow as pa
from sqlalchemy import CursorResult, insert, literal, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.release import Release

ROWS_PER_STATEMENT = 10_000


class ReleaseRow(SQLModel, table=True):
    """The row of a plan's release."""

    __tablename__ = "release"

    plan_id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    stage: int
    share_rate: float
    entered_at: datetime
    advance_at: datetime
    status: str
    reason: str = ""


class ReleasePlaceRow(SQLModel, table=True):
    """Where a person stands in a plan's order of release, in [0, 1); written once."""

    __tablename__ = "release_place"

    plan_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    place: float


class Releases:
    """Reads and moves releases."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def open(self, release: Release, places: pa.Table) -> None:
        """Begin a release with the places of its people (person_id, place); whoever has a place keeps it."""
        self._session.add(ReleaseRow(**release.model_dump()))
        self._session.flush()
        connection = self._session.connection()
        add = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        for batch in places.select(["person_id", "place"]).to_batches(max_chunksize=ROWS_PER_STATEMENT):
            rows = [{"plan_id": release.plan_id, **row} for row in batch.to_pylist()]
            connection.execute(add(ReleasePlaceRow).on_conflict_do_nothing(), rows)

    def get(self, plan_id: str) -> Release | None:
        """Give where a plan's release stands; none where it was never staged."""
        row = self._session.get(ReleaseRow, plan_id, populate_existing=True)
        return Release(**row.model_dump()) if row else None

    def all(self, shop_id: str) -> tuple[Release, ...]:
        """Give the shop's releases, newest stage first."""
        query = select(ReleaseRow).where(ReleaseRow.shop_id == shop_id).order_by(col(ReleaseRow.entered_at).desc())
        return tuple(Release(**row.model_dump()) for row in self._session.exec(query))

    def move(self, before: Release, after: Release) -> bool:
        """Move a release on if it still stands as believed; say whether this call did it."""
        change = (
            update(ReleaseRow)
            .where(col(ReleaseRow.plan_id) == before.plan_id, col(ReleaseRow.stage) == before.stage)
            .where(col(ReleaseRow.status) == before.status)
            .values(**after.model_dump(exclude={"plan_id", "shop_id"}))
        )
        return cast(CursorResult[Any], self._session.connection().execute(change)).rowcount == 1

    def copy(self, old_plan_id: str, new_plan_id: str) -> None:
        """Let a plan that takes over go on where the release of its predecessor stands."""
        release = self.get(old_plan_id)
        if release is None:
            return
        self._session.add(ReleaseRow(**release.model_dump() | {"plan_id": new_plan_id}))
        self._session.flush()
        old = select(literal(new_plan_id), ReleasePlaceRow.person_id, ReleasePlaceRow.place).where(
            col(ReleasePlaceRow.plan_id) == old_plan_id
        )
        self._session.connection().execute(insert(ReleasePlaceRow).from_select(["plan_id", "person_id", "place"], old))

    def places(self, plan_id: str, owner: dict[str, str]) -> dict[str, float]:
        """Give the place per present person; the latest one where several records became one person."""
        found: dict[str, float] = defaultdict(float)
        for ids in _chunks(owner):
            query = select(ReleasePlaceRow.person_id, ReleasePlaceRow.place).where(
                col(ReleasePlaceRow.plan_id) == plan_id, col(ReleasePlaceRow.person_id).in_(ids)
            )
            for subject, place in self._session.connection().execute(query):
                found[owner[subject]] = max(found[owner[subject]], place)
        return dict(found)


def _chunks(ids: Iterable[str], size: int = 5_000) -> Iterable[list[str]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
