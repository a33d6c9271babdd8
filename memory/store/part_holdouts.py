"""Part holdouts: one row per journey or step that is withheld; who is withheld stands among the assignments."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.part_holdout import Part, PartHoldout, in_order
from memory.domain.plan import Plan


class PartHoldoutRow(SQLModel, table=True):
    """The row of one journey or step of one plan."""

    __tablename__ = "part_holdout"

    plan_id: str = Field(primary_key=True)
    part: str = Field(primary_key=True)
    part_id: str = Field(primary_key=True)
    shop_id: str
    rate: float


class PartHoldouts:
    """Reads and writes part holdouts."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def of(self, plan_id: str) -> tuple[PartHoldout, ...]:
        """Give those of a plan, journeys first."""
        return self.of_plans([plan_id]).get(plan_id, ())

    def of_plans(self, plan_ids: Iterable[str]) -> dict[str, tuple[PartHoldout, ...]]:
        """Give those of several plans; plans without any are missing."""
        return self._found(col(PartHoldoutRow.plan_id).in_(sorted(set(plan_ids))))

    def of_shop(self, shop_id: str) -> dict[str, tuple[PartHoldout, ...]]:
        """Give those of all plans of a shop; plans without any are missing."""
        return self._found(col(PartHoldoutRow.shop_id) == shop_id)

    def put(self, shop_id: str, holdout: PartHoldout) -> None:
        """Set one, in the place of the one that stood."""
        self._session.merge(PartHoldoutRow(shop_id=shop_id, **holdout.model_dump()))
        self._session.flush()

    def remove(self, plan_id: str, part: Part, part_id: str) -> None:
        """Take one away; nothing where there is none."""
        row = self._session.get(PartHoldoutRow, (plan_id, part, part_id))
        if row is not None:
            self._session.delete(row)
            self._session.flush()

    def copy(self, old_id: str, new: Plan) -> None:
        """Give the plan that takes over those of the old one whose journey or step it still has."""
        for one in self.of(old_id):
            if one.journey(new) is not None:
                self.put(new.shop_id, one.model_copy(update={"plan_id": new.id}))

    def _found(self, where: Any) -> dict[str, tuple[PartHoldout, ...]]:
        query = select(PartHoldoutRow).where(where)
        found: dict[str, list[PartHoldout]] = defaultdict(list)
        for row in self._session.exec(query):
            found[row.plan_id].append(PartHoldout.model_validate(row.model_dump(exclude={"shop_id"})))
        return {plan_id: in_order(ones) for plan_id, ones in found.items()}
