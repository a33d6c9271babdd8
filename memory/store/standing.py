"""Standing holdouts: one row per shop with its shares; who is withheld stands among the assignments."""

from sqlmodel import Field, Session, SQLModel

from memory.domain.standing import StandingHoldout


class StandingHoldoutRow(SQLModel, table=True):
    """The row of one shop."""

    __tablename__ = "standing_holdout"

    shop_id: str = Field(primary_key=True)
    core_rate: float
    rotating_rate: float
    period_days: int
    started_on: str


class Standing:
    """Reads and writes standing holdouts."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def get(self, shop_id: str) -> StandingHoldout | None:
        """Give a shop's standing holdout, or none."""
        row = self._session.get(StandingHoldoutRow, shop_id, populate_existing=True)
        return StandingHoldout.model_validate(row.model_dump()) if row is not None else None

    def put(self, holdout: StandingHoldout) -> None:
        """Set a shop's standing holdout; who was drawn keeps the arm."""
        self._session.merge(StandingHoldoutRow(**holdout.model_dump(mode="json")))
        self._session.flush()
