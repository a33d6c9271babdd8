"""Imports: one row per file that came in, with what it changed and which rows were refused."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from .numbers import BIG


class ImportRow(SQLModel, table=True):
    """One finished import."""

    __tablename__ = "import_record"

    id: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    shop_id: str = Field(index=True)
    kind: str
    file_name: str
    file_hash: str = Field(index=True)
    n_bytes: int = Field(sa_column=Column(BIG, nullable=False))
    principal_id: str
    at: datetime
    data_version: int = Field(sa_column=Column(BIG, nullable=False))
    report: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    rejected: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))


class Imports:
    """Reads and adds import records."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, row: ImportRow) -> int:
        """Keep a finished import and give its id."""
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        return row.id

    def latest(self, shop_id: str, kind: str) -> ImportRow | None:
        """Give the shop's newest import of a kind, or none."""
        query = select(ImportRow).where(ImportRow.shop_id == shop_id, ImportRow.kind == kind)
        return self._session.exec(query.order_by(col(ImportRow.id).desc()).limit(1)).first()

    def all(self, shop_id: str) -> list[ImportRow]:
        """Give all imports of the shop, oldest first."""
        query = select(ImportRow).where(ImportRow.shop_id == shop_id)
        return list(self._session.exec(query.order_by(col(ImportRow.id))))

    def kinds(self, shop_id: str) -> frozenset[str]:
        """Give the kinds of files the shop has imported."""
        return frozenset(self._session.exec(select(ImportRow.kind).where(ImportRow.shop_id == shop_id).distinct()))
