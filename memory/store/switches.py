"""Kill switches: one row per shop and one for everywhere; the claim and each hand-off read them."""

from typing import Any, cast

from sqlalchemy import BigInteger, Column, Exists, exists
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.switch import EVERYWHERE, KillSwitch

from .instants import from_micros, to_micros


class KillSwitchRow(SQLModel, table=True):
    """The row of a scope."""

    __tablename__ = "kill_switch"

    scope: str = Field(primary_key=True)
    is_stopped: bool
    set_by: str
    set_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    reason: str = ""


_TABLE = cast(Any, KillSwitchRow).__table__


def stops(shop_id: Any) -> Exists:
    """Give the SQL condition under which nothing may be handed off in the shop (a value or a column)."""
    return exists().where((_TABLE.c.scope == shop_id) | (_TABLE.c.scope == EVERYWHERE), _TABLE.c.is_stopped)


class Switches:
    """Reads and sets kill switches."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, switch: KillSwitch) -> None:
        """Set a scope's switch."""
        self._session.merge(KillSwitchRow(**switch.model_dump() | {"set_at": to_micros(switch.set_at)}))
        self._session.flush()

    def is_stopped(self, shop_id: str) -> bool:
        """Say whether the shop or the whole organisation is stopped."""
        return bool(self._session.connection().execute(select(stops(shop_id))).scalar_one())

    def of(self, shop_id: str) -> tuple[KillSwitch, ...]:
        """Give the switches that bind the shop and were ever set."""
        query = select(KillSwitchRow).where(col(KillSwitchRow.scope).in_([shop_id, EVERYWHERE]))
        rows = self._session.exec(query.order_by(col(KillSwitchRow.scope)))
        return tuple(KillSwitch(**row.model_dump() | {"set_at": from_micros(row.set_at)}) for row in rows)
