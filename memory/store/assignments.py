"""Assignments: which arm each person of an experiment is in, stored once and never changed."""

from collections.abc import Iterable

import pyarrow as pa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.standing import CORE, WITHHELD

ARMS_SCHEMA = pa.schema([("person_id", pa.string()), ("cohort", pa.string()), ("arm", pa.string())])
ROWS_PER_STATEMENT = 10_000
IDS_PER_QUERY = 5_000


class AssignmentRow(SQLModel, table=True):
    """The row of one person in one experiment."""

    __tablename__ = "assignment"

    shop_id: str = Field(primary_key=True)
    experiment_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    cohort: str
    arm: str


class Assignments:
    """Reads and writes arms."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, shop_id: str, experiment_id: str, people: pa.Table) -> None:
        """Add people with cohort and arm (`ARMS_SCHEMA`); whoever has an arm keeps it."""
        connection = self._session.connection()
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        fixed = {"shop_id": shop_id, "experiment_id": experiment_id}
        for batch in people.select(ARMS_SCHEMA.names).to_batches(max_chunksize=ROWS_PER_STATEMENT):
            rows = [{**fixed, **row} for row in batch.to_pylist()]
            connection.execute(insert(AssignmentRow).on_conflict_do_nothing(), rows)

    def arms(self, shop_id: str, experiment_id: str) -> pa.Table:
        """Give everybody of an experiment as `ARMS_SCHEMA`, by person id."""
        query = (
            select(AssignmentRow.person_id, AssignmentRow.cohort, AssignmentRow.arm)
            .where(col(AssignmentRow.shop_id) == shop_id, col(AssignmentRow.experiment_id) == experiment_id)
            .order_by(col(AssignmentRow.person_id))
        )
        rows = self._session.connection().execute(query).all()
        columns = list(zip(*rows, strict=True)) or [(), (), ()]
        return pa.table([pa.array(column, pa.string()) for column in columns], schema=ARMS_SCHEMA)

    def withheld(self, shop_id: str, experiment_id: str) -> pa.Array:
        """Give the ids of everybody in the experiment's control arm, in order."""
        query = (
            select(AssignmentRow.person_id)
            .where(
                col(AssignmentRow.shop_id) == shop_id,
                col(AssignmentRow.experiment_id) == experiment_id,
                col(AssignmentRow.arm) == "control",
            )
            .order_by(col(AssignmentRow.person_id))
        )
        return pa.array(self._session.connection().execute(query).scalars().all(), pa.string())

    def arm(self, shop_id: str, experiment_id: str, person_id: str) -> str | None:
        """Give one person's arm, or none where the person is not in the experiment."""
        return self.arms_of(shop_id, experiment_id, [person_id]).get(person_id)

    def arms_now(self, shop_id: str, experiment_id: str, person_ids: Iterable[str]) -> dict[str, str]:
        """Give the arms that a hand-off reads: those of the experiment, and `standing` for the shop's standing core."""
        ids = set(person_ids)
        core = self.arms_of(shop_id, CORE, ids)
        withheld = {person: WITHHELD for person, arm in core.items() if arm == "control"}
        return self.arms_of(shop_id, experiment_id, ids) | withheld

    def arms_of(self, shop_id: str, experiment_id: str, person_ids: Iterable[str]) -> dict[str, str]:
        """Give the arms of these people; whoever is not in the experiment is missing."""
        found: dict[str, str] = {}
        ordered = sorted(set(person_ids))
        for start in range(0, len(ordered), IDS_PER_QUERY):
            query = select(AssignmentRow.person_id, AssignmentRow.arm).where(
                col(AssignmentRow.shop_id) == shop_id,
                col(AssignmentRow.experiment_id) == experiment_id,
                col(AssignmentRow.person_id).in_(ordered[start : start + IDS_PER_QUERY]),
            )
            found.update((row[0], row[1]) for row in self._session.connection().execute(query))
        return found
