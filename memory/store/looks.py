"""Looks: the days on which a plan's experiment is read, stored when the plan goes live and never changed."""

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel

from memory.domain.looks import LookPlan


class LookPlanRow(SQLModel, table=True):
    """The row of one plan."""

    __tablename__ = "planned_looks"

    plan_id: str = Field(primary_key=True)
    shop_id: str
    days: list[int] = Field(sa_column=Column(JSON, nullable=False))
    alpha: float


class Looks:
    """Reads and writes planned looks."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, looks: LookPlan) -> None:
        """Keep a plan's looks; the database refuses a second set."""
        self._session.add(LookPlanRow(**looks.model_dump() | {"days": list(looks.days)}))
        self._session.flush()

    def get(self, plan_id: str) -> LookPlan | None:
        """Give a plan's looks, or none where it went live before looks were kept."""
        row = self._session.get(LookPlanRow, plan_id)
        return LookPlan(**row.model_dump()) if row is not None else None
