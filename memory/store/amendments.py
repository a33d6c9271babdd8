"""Amendments of live plans, and plans that run in the shadow of another sender."""

from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import JSON, Column, CursorResult, update
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.amendment import Amendment
from memory.domain.errors import NotFound


class AmendmentRow(SQLModel, table=True):
    """The row of an amendment."""

    __tablename__ = "amendment"

    id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    old_plan_id: str = Field(index=True)
    new_plan_id: str = Field(index=True)
    status: str
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class ShadowRow(SQLModel, table=True):
    """The row of a plan that decides without sending."""

    __tablename__ = "shadow"

    plan_id: str = Field(primary_key=True)
    shop_id: str = Field(index=True)
    started_by: str
    started_at: datetime
    ended_at: datetime | None = None


class Amendments:
    """Reads and moves amendments and shadows."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, amendment: Amendment) -> None:
        """Keep an amendment."""
        names = ("id", "shop_id", "old_plan_id", "new_plan_id", "status")
        fields = {name: getattr(amendment, name) for name in names}
        self._session.add(AmendmentRow(**fields, content=amendment.model_dump(mode="json")))
        self._session.flush()

    def get(self, amendment_id: str) -> Amendment:
        """Give an amendment; raise `NotFound`."""
        row = self._session.get(AmendmentRow, amendment_id, populate_existing=True)
        if row is None:
            raise NotFound(kind="amendment", id=amendment_id)
        return _amendment(row)

    def waiting(self, old_plan_id: str) -> Amendment | None:
        """Give the open amendment of a live plan, or none."""
        query = select(AmendmentRow).where(AmendmentRow.old_plan_id == old_plan_id, AmendmentRow.status == "waiting")
        row = self._session.exec(query.limit(1)).first()
        return _amendment(row) if row else None

    def lineage(self, plan_id: str) -> tuple[str, ...]:
        """Give a plan and those that it took over from, the latest first."""
        found = [plan_id]
        while True:
            query = select(AmendmentRow.old_plan_id).where(
                AmendmentRow.new_plan_id == found[-1], AmendmentRow.status == "done"
            )
            before = self._session.exec(query.limit(1)).first()
            if before is None or before in found:
                return tuple(found)
            found.append(before)

    def all(self, shop_id: str) -> tuple[Amendment, ...]:
        """Give the shop's amendments by id."""
        query = select(AmendmentRow).where(AmendmentRow.shop_id == shop_id).order_by(col(AmendmentRow.id))
        return tuple(_amendment(row) for row in self._session.exec(query))

    def close(self, amendment_id: str, status: Literal["done", "dropped"]) -> bool:
        """End an open amendment; say whether this call did it."""
        change = (
            update(AmendmentRow)
            .where(col(AmendmentRow.id) == amendment_id, col(AmendmentRow.status) == "waiting")
            .values(status=status)
        )
        return cast(CursorResult[Any], self._session.connection().execute(change)).rowcount == 1

    def begin_shadow(self, plan_id: str, shop_id: str, by: str, at: datetime) -> None:
        """Note that a plan decides without sending from now on."""
        self._session.add(ShadowRow(plan_id=plan_id, shop_id=shop_id, started_by=by, started_at=at))
        self._session.flush()

    def shadow_since(self, plan_id: str) -> datetime | None:
        """Give since when a plan runs in the shadow; none where it does not."""
        row = self._session.get(ShadowRow, plan_id, populate_existing=True)
        return row.started_at if row and row.ended_at is None else None

    def shadows(self, shop_id: str) -> tuple[str, ...]:
        """Give the plans that run in the shadow."""
        query = select(ShadowRow.plan_id).where(ShadowRow.shop_id == shop_id, col(ShadowRow.ended_at).is_(None))
        return tuple(self._session.exec(query.order_by(ShadowRow.plan_id)))

    def end_shadow(self, plan_id: str, at: datetime) -> None:
        """Note that the shadow is over."""
        row = self._session.get(ShadowRow, plan_id)
        if row is None:
            raise NotFound(kind="shadow", id=plan_id[:12])
        row.ended_at = at
        self._session.add(row)
        self._session.flush()


def _amendment(row: AmendmentRow) -> Amendment:
    return Amendment.model_validate({**row.content, "status": row.status})
