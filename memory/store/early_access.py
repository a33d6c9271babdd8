"""Early access: goods set aside for members before others may buy, and who took one; never more than there are."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import BigInteger, CheckConstraint, Column, CursorResult
from sqlmodel import Field, Session, SQLModel, col, select, update

from memory.domain.early_access import Drop
from memory.domain.errors import InvalidInput, NotFound


class EarlyDropRow(SQLModel, table=True):
    """The row of one article that members may buy before others."""

    __tablename__ = "early_drop"
    __table_args__ = (CheckConstraint("n_taken <= n_total", name="early_drop_not_oversold"),)

    shop_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    sku: str
    hours: int
    public_on: date
    public_minute: int
    n_total: int = Field(sa_column=Column(BigInteger, nullable=False))
    n_taken: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))


class EarlyClaimRow(SQLModel, table=True):
    """The row of one piece that a member took; one each."""

    __tablename__ = "early_claim"

    shop_id: str = Field(primary_key=True)
    drop_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    claimed_at: datetime


class EarlyAccessStore:
    """Reads and writes what is set aside for members."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, shop_id: str, drop: Drop) -> None:
        """Set goods aside; raise `InvalidInput` where the name is taken: what was promised is not changed."""
        if self._session.get(EarlyDropRow, (shop_id, drop.id)) is not None:
            raise InvalidInput(what=drop.id, why="goods are set aside under this name", remedy="Use another name.")
        self._session.add(EarlyDropRow(shop_id=shop_id, **drop.model_dump()))
        self._session.flush()

    def all(self, shop_id: str) -> tuple[Drop, ...]:
        """Give all that was set aside, by the day it is for everybody."""
        query = select(EarlyDropRow).where(EarlyDropRow.shop_id == shop_id)
        rows = self._session.exec(query.order_by(col(EarlyDropRow.public_on), col(EarlyDropRow.id)))
        return tuple(_drop(row) for row in rows)

    def get(self, shop_id: str, drop_id: str) -> Drop:
        """Give one; raise `NotFound`."""
        row = self._session.get(EarlyDropRow, (shop_id, drop_id), populate_existing=True)
        if row is None:
            raise NotFound(kind="early access", id=drop_id)
        return _drop(row)

    def has_claimed(self, shop_id: str, drop_id: str, subject_ids: Iterable[str]) -> bool:
        """Say whether any of a member's pseudonyms has one."""
        of_drop = (col(EarlyClaimRow.shop_id) == shop_id, col(EarlyClaimRow.drop_id) == drop_id)
        theirs = col(EarlyClaimRow.person_id).in_(sorted(subject_ids))
        query = select(EarlyClaimRow.person_id).where(*of_drop, theirs).limit(1)
        return self._session.exec(query).first() is not None

    def claim(self, shop_id: str, drop_id: str, person_id: str, subject_ids: Iterable[str], at: datetime) -> bool:
        """Take one for a member; false, and nothing taken, where none is left or one of the pseudonyms has one.

        The count moves in one statement that the database judges: two who ask for the last one cannot both get it.
        """
        row = EarlyDropRow
        mine = (col(row.shop_id) == shop_id, col(row.id) == drop_id, col(row.n_taken) < col(row.n_total))
        taken = update(row).where(*mine).values(n_taken=col(row.n_taken) + 1)
        if cast(CursorResult[Any], self._session.connection().execute(taken)).rowcount != 1:
            return False
        if self.has_claimed(shop_id, drop_id, subject_ids):  # somebody asked twice at once; the row above made us wait
            back = update(row).where(*mine[:2]).values(n_taken=col(row.n_taken) - 1)
            self._session.connection().execute(back)
            return False
        self._session.add(EarlyClaimRow(shop_id=shop_id, drop_id=drop_id, person_id=person_id, claimed_at=at))
        self._session.flush()
        return True


def _drop(row: EarlyDropRow) -> Drop:
    return Drop.model_validate(row.model_dump(exclude={"shop_id"}))
