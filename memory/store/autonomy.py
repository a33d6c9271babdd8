"""Autonomy grants: append-only; a revocation is noted on the row and nothing else ever changes."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, Column, CursorResult, update
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.autonomy import AutonomyAction, AutonomyGrant
from memory.domain.errors import NotFound

from .numbers import BIG


class AutonomyGrantRow(SQLModel, table=True):
    """The row of a grant."""

    __tablename__ = "autonomy_grant"

    seq: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    id: str = Field(unique=True)
    shop_id: str = Field(index=True)
    action: str
    level: int
    thresholds: dict[str, Any] | None = Field(sa_column=Column(JSON, nullable=True))
    granted_by: str
    granted_at: datetime
    expires_at: datetime
    note: str = ""
    revoked_by: str = ""
    revoked_at: datetime | None = None


class Autonomy:
    """Reads and adds grants."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, grant: AutonomyGrant) -> None:
        """Keep a grant."""
        self._session.add(AutonomyGrantRow(**grant.model_dump(exclude={"thresholds"}), thresholds=_plain(grant)))
        self._session.flush()

    def get(self, grant_id: str) -> AutonomyGrant:
        """Give a grant; raise `NotFound`."""
        row = self._session.exec(select(AutonomyGrantRow).where(AutonomyGrantRow.id == grant_id)).first()
        if row is None:
            raise NotFound(kind="autonomy", id=grant_id)
        return _grant(row)

    def standing(self, shop_id: str, action: AutonomyAction, at: datetime) -> AutonomyGrant | None:
        """Give the latest grant for the action if it is neither revoked nor expired; an older one never comes back."""
        query = select(AutonomyGrantRow).where(AutonomyGrantRow.shop_id == shop_id, AutonomyGrantRow.action == action)
        row = self._session.exec(query.order_by(col(AutonomyGrantRow.seq).desc()).limit(1)).first()
        return _grant(row) if row and row.revoked_at is None and row.expires_at > at else None

    def all(self, shop_id: str) -> tuple[AutonomyGrant, ...]:
        """Give every grant the shop ever had, newest first."""
        query = select(AutonomyGrantRow).where(AutonomyGrantRow.shop_id == shop_id)
        return tuple(_grant(row) for row in self._session.exec(query.order_by(col(AutonomyGrantRow.seq).desc())))

    def revoke(self, grant_id: str, by: str, at: datetime) -> bool:
        """Take a grant back; false where somebody did already."""
        change = (
            update(AutonomyGrantRow)
            .where(col(AutonomyGrantRow.id) == grant_id, col(AutonomyGrantRow.revoked_at).is_(None))
            .values(revoked_by=by, revoked_at=at)
        )
        done = cast(CursorResult[Any], self._session.connection().execute(change)).rowcount == 1
        self._session.expire_all()
        return done


def _plain(grant: AutonomyGrant) -> dict[str, Any] | None:
    return grant.thresholds.model_dump(mode="json") if grant.thresholds else None


def _grant(row: AutonomyGrantRow) -> AutonomyGrant:
    return AutonomyGrant.model_validate(row.model_dump(exclude={"seq"}))
