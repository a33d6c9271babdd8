"""Data versions: one row names the version of each lake table; readers open nothing that no row names."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, Column, func, text
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.base import Frozen, Instant
from memory.domain.errors import NotFound

from .numbers import BIG

LOCK_KEY = 0x5EC0_4D04  # any fixed number; it names the lock of data versions


class DataVersion(Frozen):
    """A named state of all facts of the organisation."""

    number: int
    """Counts up; higher is later."""
    tables: dict[str, int]
    """Lake table to lake version; a table that is not named is empty."""
    reason: str
    """What made it, such as `import shopify-orders`."""
    created_at: Instant
    """When it became readable."""


class DataVersionRow(SQLModel, table=True):
    """The row of a data version."""

    __tablename__ = "data_version"

    number: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    tables: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    reason: str
    created_at: datetime


class Versions:
    """Reads and adds data versions."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def latest(self) -> DataVersion:
        """Give the newest version; version 0 with no tables where nothing was imported."""
        row = self._session.exec(select(DataVersionRow).order_by(col(DataVersionRow.number).desc()).limit(1)).first()
        return _version(row) if row else EMPTY

    def number(self) -> int:
        """Give the number of the newest version alone."""
        return self._session.exec(select(func.max(DataVersionRow.number))).one() or 0

    def lock(self) -> None:
        """Wait until no other transaction makes a data version, and hold that until this one ends.

        On SQLite this begins the write transaction, of which there is one; PostgreSQL takes an advisory lock.
        """
        connection = self._session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})

    def all(self) -> tuple[DataVersion, ...]:
        """Give every version, oldest first."""
        rows = self._session.exec(select(DataVersionRow).order_by(col(DataVersionRow.number)))
        return tuple(_version(row) for row in rows)

    def get(self, number: int) -> DataVersion:
        """Give a version by number; raise `NotFound`."""
        if number == 0:
            return EMPTY
        row = self._session.get(DataVersionRow, number)
        if row is None:
            raise NotFound(kind="data version", id=number)
        return _version(row)

    def add(self, changed: Mapping[str, int], reason: str, at: datetime) -> DataVersion:
        """Add a version in which `changed` tables stand at new lake versions and all others stay; call it last."""
        row = DataVersionRow(tables={**self.latest().tables, **changed}, reason=reason, created_at=at)
        self._session.add(row)
        self._session.flush()
        return _version(row)


EMPTY = DataVersion(
    number=0, tables={}, reason="nothing imported", created_at=datetime.fromisoformat("1970-01-01T00:00:00+00:00")
)


def _version(row: DataVersionRow) -> DataVersion:
    assert row.number is not None
    return DataVersion(number=row.number, tables=row.tables, reason=row.reason, created_at=row.created_at)
