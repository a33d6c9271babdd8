"""Circuits: where each channel of a shop stands, so that the next run, another worker and `doctor` know."""

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, Session, SQLModel, select

from memory.domain.circuit import Circuit

from .instants import from_micros, to_micros


class CircuitRow(SQLModel, table=True):
    """The row of one channel of a shop."""

    __tablename__ = "circuit"

    shop_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    sender: str
    state: str
    n_failures: int
    n_openings: int
    until: int = Field(sa_column=Column(BigInteger, nullable=False))
    reason: str
    changed_at: int = Field(sa_column=Column(BigInteger, nullable=False))


class Circuits:
    """Reads and writes circuits."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def get(self, shop_id: str, channel: str, sender: str) -> Circuit:
        """Give the circuit; a closed one where nothing is known or another sender was in trouble."""
        row = self._session.get(CircuitRow, (shop_id, channel), populate_existing=True)
        return _circuit(row) if row is not None and row.sender == sender else Circuit()

    def put(self, shop_id: str, channel: str, sender: str, circuit: Circuit, at: datetime) -> None:
        """Keep the circuit; the last writer's word counts."""
        values = circuit.model_dump() | {"until": to_micros(circuit.until) if circuit.until else 0}
        row = CircuitRow(shop_id=shop_id, channel=channel, sender=sender, changed_at=to_micros(at), **values)
        self._session.merge(row)
        self._session.flush()

    def all(self, shop_id: str) -> dict[str, Circuit]:
        """Give the circuits of a shop per channel; a channel that never was in trouble is missing."""
        rows = self._session.exec(select(CircuitRow).where(CircuitRow.shop_id == shop_id))
        return {row.channel: _circuit(row) for row in rows}


def _circuit(row: CircuitRow) -> Circuit:
    fields = row.model_dump(include=set(Circuit.model_fields))
    return Circuit(**fields | {"until": from_micros(row.until) if row.until else None})
