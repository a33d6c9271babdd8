"""Who was proposed as an ambassador, who approved it, and who is one; one row per person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

import pyarrow as pa
from sqlalchemy import CursorResult
from sqlmodel import Field, Session, SQLModel, select, update

from memory.domain.ambassador import Ambassador, AmbassadorState
from memory.domain.errors import Conflict, NotFound
from memory.domain.facts import INSTANT

SINCE_SCHEMA = pa.schema([("ambassador_id", pa.string()), ("since_at", INSTANT)])
OPEN: tuple[AmbassadorState, ...] = ("proposed", "invited", "ambassador")
"""States in which nobody is proposed again."""


class AmbassadorRow(SQLModel, table=True):
    """The row of one person."""

    __tablename__ = "ambassador"

    shop_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None


class Ambassadors:
    """Reads and writes ambassadors."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def propose(self, shop_id: str, person_id: str, subject_ids: Iterable[str], by: str, at: datetime) -> Ambassador:
        """Propose somebody; raise `Conflict` where they are proposed, invited or one, under any of their pseudonyms."""
        for known in self._of(shop_id, subject_ids):
            if known.state in OPEN:
                raise Conflict(what=f"person {person_id}", why=f"they are {known.state}")
        row = AmbassadorRow(shop_id=shop_id, person_id=person_id, state="proposed", proposed_by=by, proposed_at=at)
        self._session.merge(row)
        self._session.flush()
        return self.get(shop_id, person_id)

    def get(self, shop_id: str, person_id: str) -> Ambassador:
        """Give one; raise `NotFound`."""
        row = self._session.get(AmbassadorRow, (shop_id, person_id), populate_existing=True)
        if row is None:
            raise NotFound(kind="ambassador", id=person_id)
        return _ambassador(row)

    def move(
        self, shop_id: str, person_id: str, before: tuple[AmbassadorState, ...], after: AmbassadorState, **values: Any
    ) -> Ambassador:
        """Move somebody on; raise `Conflict` where they do not stand where the step begins, also since a moment ago."""
        row: Any = AmbassadorRow
        mine = (row.shop_id == shop_id, row.person_id == person_id, row.state.in_(before))
        statement = update(row).where(*mine).values(state=after, **values)
        moved = cast(CursorResult[Any], self._session.connection().execute(statement))
        found = self.get(shop_id, person_id)
        if moved.rowcount != 1:
            raise Conflict(what=f"ambassador {person_id}", why=f"they are {found.state}")
        return found

    def all(self, shop_id: str) -> tuple[Ambassador, ...]:
        """Give everybody who was ever proposed, by pseudonym."""
        row: Any = AmbassadorRow
        query = select(AmbassadorRow).where(row.shop_id == shop_id).order_by(row.person_id)
        return tuple(_ambassador(one) for one in self._session.exec(query))

    def since(self, shop_id: str) -> pa.Table:
        """Give who accepted, also those who ended since, and when, as `SINCE_SCHEMA`."""
        found = [one for one in self.all(shop_id) if one.accepted_at is not None]
        rows = [{"ambassador_id": one.person_id, "since_at": one.accepted_at} for one in found]
        return pa.Table.from_pylist(rows, SINCE_SCHEMA)

    def _of(self, shop_id: str, subject_ids: Iterable[str]) -> tuple[Ambassador, ...]:
        row: Any = AmbassadorRow
        query = select(AmbassadorRow).where(row.shop_id == shop_id, row.person_id.in_(sorted(subject_ids)))
        return tuple(_ambassador(one) for one in self._session.exec(query))


def _ambassador(row: AmbassadorRow) -> Ambassador:
    return Ambassador.model_validate(row.model_dump(exclude={"shop_id"}))
