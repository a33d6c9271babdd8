"""Identities: which records are one person, why, and the way back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Column, ColumnElement, delete, func, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from memory.domain.errors import NotFound
from memory.domain.facts import IDENTITIES_SCHEMA

from .numbers import BIG

LINKS_SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("left_subject", pa.string()),
        ("left_kind", pa.string()),
        ("right_subject", pa.string()),
        ("right_kind", pa.string()),
    ]
)
ROWS_PER_STATEMENT = 10_000
IDS_PER_QUERY = 5_000


class IdentityLinkRow(SQLModel, table=True):
    """Two identifiers seen on one record; subjects are keyed hashes, never addresses."""

    __tablename__ = "identity_link"
    __table_args__ = (UniqueConstraint("left_subject", "right_subject"),)

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    left_subject: str = Field(index=True)
    left_kind: str
    right_subject: str = Field(index=True)
    right_kind: str
    rule: str
    shop_id: str
    source: str
    at: datetime
    reversed_at: datetime | None = None
    reversed_by: str = ""


class IdentityRow(SQLModel, table=True):
    """A subject whose person is another subject; one that is not listed is its own person."""

    __tablename__ = "identity"

    subject_id: str = Field(primary_key=True)
    person_id: str = Field(index=True)


class Identities:
    """Reads and writes links and the people they make."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add_links(self, links: Sequence[dict[str, Any]]) -> int:
        """Log links that are new (a reversed one stays reversed) and give how many were."""
        before = self._count()
        insert: Any = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = insert(IdentityLinkRow).on_conflict_do_nothing(index_elements=["left_subject", "right_subject"])
        for start in range(0, len(links), ROWS_PER_STATEMENT):
            self._session.connection().execute(statement, list(links[start : start + ROWS_PER_STATEMENT]))
        return self._count() - before

    def links(self) -> pa.Table:
        """Give all links that hold, as `LINKS_SCHEMA` in the order in which they were first seen."""
        columns = [getattr(IdentityLinkRow, name) for name in LINKS_SCHEMA.names]
        query = select(*columns).where(col(IdentityLinkRow.reversed_at).is_(None)).order_by(col(IdentityLinkRow.id))
        rows = self._session.connection().execute(query).all()
        arrays = (
            [
                pa.array(list(values), field.type)
                for values, field in zip(zip(*rows, strict=True), LINKS_SCHEMA, strict=True)
            ]
            if rows
            else None
        )
        return pa.Table.from_arrays(arrays, schema=LINKS_SCHEMA) if arrays else LINKS_SCHEMA.empty_table()

    def links_of(self, subject_ids: Iterable[str]) -> list[IdentityLinkRow]:
        """Give the log of links that touch these subjects, reversed ones included, oldest first."""
        wanted = sorted(set(subject_ids))
        touches = col(IdentityLinkRow.left_subject).in_(wanted) | col(IdentityLinkRow.right_subject).in_(wanted)
        return list(self._session.exec(select(IdentityLinkRow).where(touches).order_by(col(IdentityLinkRow.id))))

    def degrees(self, subject_ids: Iterable[str]) -> dict[str, int]:
        """Give in how many links that hold each subject stands."""
        found: dict[str, int] = {}
        for some in _chunks(sorted(set(subject_ids))):
            for end in (IdentityLinkRow.left_subject, IdentityLinkRow.right_subject):
                query = select(end, func.count()).where(col(end).in_(some), col(IdentityLinkRow.reversed_at).is_(None))
                for subject, n in self._session.connection().execute(query.group_by(end)):
                    found[subject] = found.get(subject, 0) + n
        return found

    def links_at(self, subject_ids: Iterable[str]) -> list[tuple[int, str, str, str, str]]:
        """Give the links that hold and touch these subjects, as rows of `LINKS_SCHEMA`."""
        columns = [getattr(IdentityLinkRow, name) for name in LINKS_SCHEMA.names]
        found: set[tuple[int, str, str, str, str]] = set()
        for some in _chunks(sorted(set(subject_ids))):
            for end in (IdentityLinkRow.left_subject, IdentityLinkRow.right_subject):
                query = select(*columns).where(col(end).in_(some), col(IdentityLinkRow.reversed_at).is_(None))
                found.update(tuple(row) for row in self._session.connection().execute(query))
        return sorted(found)

    def move(self, moves: Mapping[str, str]) -> int:
        """Make subjects belong to other people (or to themselves) and give the move's number: later moves win."""
        number = self._session.exec(select(func.max(IdentityLinkRow.id))).one() or 0
        if moves:
            for some in _chunks(sorted(moves)):
                self._session.connection().execute(delete(IdentityRow).where(col(IdentityRow.subject_id).in_(some)))
            rows = [{"subject_id": one, "person_id": person} for one, person in moves.items() if one != person]
            if rows:
                self._session.connection().execute(insert(IdentityRow), rows)
            self._session.expire_all()
        return number

    def reverse(self, link_id: int, by: str, at: datetime) -> IdentityLinkRow:
        """Mark a link as wrong; the people have to be resolved again afterwards."""
        row = self._session.get(IdentityLinkRow, link_id)
        if row is None:
            raise NotFound(kind="identity link", id=link_id)
        row.reversed_at, row.reversed_by = at, by
        self._session.flush()
        return row

    def restore(self, link_id: int) -> IdentityLinkRow:
        """Let a reversed link hold again."""
        row = self._session.get(IdentityLinkRow, link_id)
        if row is None:
            raise NotFound(kind="identity link", id=link_id)
        row.reversed_at, row.reversed_by = None, ""
        self._session.flush()
        return row

    def replace(self, people: pa.Table) -> None:
        """Make `people` (`IDENTITIES_SCHEMA`) the present state; writes only what differs."""
        old = dict(zip(*self._columns(), strict=True))
        new = dict(zip(*(column.to_pylist() for column in people.columns), strict=True))
        gone = [subject for subject in old if subject not in new]
        for some in _chunks(gone):
            self._session.connection().execute(delete(IdentityRow).where(col(IdentityRow.subject_id).in_(some)))
        changed = [
            {"subject_id": subject, "person_id": person}
            for subject, person in new.items()
            if old.get(subject) != person
        ]
        insert: Any = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = insert(IdentityRow)
        statement = statement.on_conflict_do_update(
            index_elements=["subject_id"], set_={"person_id": statement.excluded.person_id}
        )
        for start in range(0, len(changed), ROWS_PER_STATEMENT):
            self._session.connection().execute(statement, changed[start : start + ROWS_PER_STATEMENT])
        self._session.expire_all()

    def snapshot(self) -> pa.Table:
        """Give the present state as `IDENTITIES_SCHEMA`."""
        subjects, people = self._columns()
        return pa.table([pa.array(subjects, pa.string()), pa.array(people, pa.string())], schema=IDENTITIES_SCHEMA)

    def person_of(self, subject_id: str) -> str:
        """Give the person of a subject; itself where it was never merged."""
        row = self._session.get(IdentityRow, subject_id)
        return row.person_id if row else subject_id

    def people_of(self, subject_ids: Iterable[str]) -> dict[str, str]:
        """Give the person of each subject; itself where it was never merged."""
        people = {subject: subject for subject in subject_ids}
        for some in _chunks(sorted(people)):
            query = select(IdentityRow.subject_id, IdentityRow.person_id).where(col(IdentityRow.subject_id).in_(some))
            people.update((row[0], row[1]) for row in self._session.connection().execute(query))
        return people

    def subjects_of(self, person_ids: Iterable[str]) -> dict[str, set[str]]:
        """Give all subjects of each person, the person's own id included."""
        members = {person: {person} for person in person_ids}
        for some in _chunks(sorted(members)):
            query = select(IdentityRow.subject_id, IdentityRow.person_id).where(col(IdentityRow.person_id).in_(some))
            for subject, person in self._session.exec(query):
                members[person].add(subject)
        return members

    def _columns(self, *where: ColumnElement[bool]) -> tuple[list[str], list[str]]:
        query = select(IdentityRow.subject_id, IdentityRow.person_id).where(*where)
        rows = self._session.connection().execute(query).all()
        return [row[0] for row in rows], [row[1] for row in rows]

    def _count(self) -> int:
        return self._session.exec(select(func.count()).select_from(IdentityLinkRow)).one()


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + IDS_PER_QUERY] for start in range(0, len(ids), IDS_PER_QUERY))
