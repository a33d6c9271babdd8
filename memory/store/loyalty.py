"""Loyalty programmes as they were set, and what members redeemed; what they earned is worked out from facts."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import JSON, BigInteger, Column
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.errors import NotReady
from memory.domain.facts import INSTANT
from memory.domain.loyalty import LoyaltyProgramme, ProgrammeVersion, Redemption, RewardKind

from .numbers import BIG

IDS_PER_QUERY = 5_000
SPENT_SCHEMA = pa.schema(
    [("person_id", pa.string()), ("redemption_id", pa.string()), ("points", pa.int64()), ("at", INSTANT)]
)
"""Redemptions as the ledger reads them, under the pseudonym of their time."""


class LoyaltyProgrammeRow(SQLModel, table=True):
    """The row of one setting."""

    __tablename__ = "loyalty_programme"

    seq: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    shop_id: str = Field(index=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    set_by: str
    set_at: datetime


class LoyaltyRedemptionRow(SQLModel, table=True):
    """The row of one redemption."""

    __tablename__ = "loyalty_redemption"

    shop_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    person_id: str = Field(index=True)
    reward_id: str
    kind: str
    points: int = Field(sa_column=Column(BigInteger, nullable=False))
    worth_minor: int = Field(sa_column=Column(BigInteger, nullable=False))
    redeemed_at: datetime
    by: str


class LoyaltyBirthdayRow(SQLModel, table=True):
    """The row of one birthday that was given something; one per member and year."""

    __tablename__ = "loyalty_birthday"

    shop_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    given_on: date
    gives: str


class Loyalty:
    """Reads and writes programmes and redemptions."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def set_programme(self, shop_id: str, programme: LoyaltyProgramme, by: str, at: datetime) -> None:
        """Put a programme in force from its first day on; earlier ones stay on record for the days before."""
        content = programme.model_dump(mode="json")
        self._session.add(LoyaltyProgrammeRow(shop_id=shop_id, content=content, set_by=by, set_at=at))
        self._session.flush()

    def history(self, shop_id: str) -> tuple[ProgrammeVersion, ...]:
        """Give all programmes of a shop, oldest first; of one first day the last one set counts."""
        query = select(LoyaltyProgrammeRow).where(LoyaltyProgrammeRow.shop_id == shop_id)
        return tuple(
            ProgrammeVersion(
                programme=LoyaltyProgramme.model_validate(row.content), set_by=row.set_by, set_at=row.set_at
            )
            for row in self._session.exec(query.order_by(col(LoyaltyProgrammeRow.seq)))
        )

    def lock(self, shop_id: str) -> None:
        """Keep other redemptions of the shop waiting until this transaction ends; raise `NotReady` without programme.

        The first row is locked: it stays the first whatever is set later.
        """
        query = select(LoyaltyProgrammeRow.seq).where(LoyaltyProgrammeRow.shop_id == shop_id)
        first = query.order_by(col(LoyaltyProgrammeRow.seq)).limit(1).with_for_update()
        if self._session.exec(first).first() is None:
            raise no_programme(shop_id)

    def redemption(self, shop_id: str, redemption_id: str) -> Redemption | None:
        """Give one redemption, none where its id is new."""
        row = self._session.get(LoyaltyRedemptionRow, (shop_id, redemption_id), populate_existing=True)
        return None if row is None else _redemption(row)

    def add_redemption(self, shop_id: str, one: Redemption) -> None:
        """Keep a redemption; whoever calls has locked the shop's and looked at the balance."""
        self._session.add(LoyaltyRedemptionRow(shop_id=shop_id, **one.model_dump()))
        self._session.flush()

    def last_redeemed_at(self, shop_id: str) -> datetime | None:
        """Give the instant of the shop's latest redemption; none where there is none."""
        query = select(_ROW.redeemed_at).where(_ROW.shop_id == shop_id).order_by(_ROW.redeemed_at.desc()).limit(1)
        found: datetime | None = self._session.exec(query).first()
        return found

    def redemptions(self, shop_id: str, subject_ids: Iterable[str]) -> tuple[Redemption, ...]:
        """Give what these pseudonyms redeemed, oldest first."""
        mine = (LoyaltyRedemptionRow.shop_id == shop_id, col(LoyaltyRedemptionRow.person_id).in_(sorted(subject_ids)))
        query = select(LoyaltyRedemptionRow).where(*mine)
        rows = self._session.exec(query.order_by(_ROW.redeemed_at, _ROW.id))
        return tuple(_redemption(row) for row in rows)

    def spent(self, shop_id: str, subject_ids: Iterable[str] | None = None) -> pa.Table:
        """Give all redemptions of a shop, or those of some pseudonyms, as `SPENT_SCHEMA`."""
        query = select(_ROW.person_id, _ROW.id, _ROW.points, _ROW.redeemed_at).where(_ROW.shop_id == shop_id)
        if subject_ids is not None:
            query = query.where(_ROW.person_id.in_(sorted(subject_ids)))
        rows = self._session.connection().execute(query).all()
        columns = list(zip(*rows, strict=True)) or [()] * len(SPENT_SCHEMA)
        return pa.table([pa.array(found, kind.type) for found, kind in zip(columns, SPENT_SCHEMA, strict=True)],
                        schema=SPENT_SCHEMA)  # fmt: skip

    def birthdays_given(self, shop_id: str, year: int) -> pa.Table:
        """Give whose birthday of a year was given something: person_id, under the pseudonym of its time."""
        query = select(_BIRTHDAY.person_id).where(_BIRTHDAY.shop_id == shop_id, _BIRTHDAY.year == year)
        found = [one[0] for one in self._session.connection().execute(query)]
        return pa.table({"person_id": pa.array(found, pa.string())})

    def given_among(self, shop_id: str, year: int, subject_ids: Iterable[str]) -> set[str]:
        """Give which of these pseudonyms were given something for the birthday of a year."""
        row, found, ordered = _BIRTHDAY, set[str](), sorted(subject_ids)
        for start in range(0, len(ordered), IDS_PER_QUERY):
            some = ordered[start : start + IDS_PER_QUERY]
            query = select(row.person_id).where(row.shop_id == shop_id, row.year == year, row.person_id.in_(some))
            found.update(one[0] for one in self._session.connection().execute(query))
        return found

    def give_birthday(self, shop_id: str, person_id: str, year: int, on: date, gives: str) -> None:
        """Keep that a birthday was given something; whoever calls has locked the shop's and looked whether it was."""
        self._session.add(LoyaltyBirthdayRow(shop_id=shop_id, person_id=person_id, year=year, given_on=on, gives=gives))


def no_programme(shop_id: str) -> NotReady:
    """Give the refusal of a shop without a loyalty programme."""
    remedy = "Set one with `secondorder loyalty set FILE`; `secondorder loyalty example` gives one to start from."
    return NotReady(what=f"shop {shop_id}", why="it has no loyalty programme", remedy=remedy)


def _redemption(row: LoyaltyRedemptionRow) -> Redemption:
    kind: RewardKind = row.kind  # type: ignore[assignment]
    return Redemption(**row.model_dump(exclude={"shop_id", "kind"}), kind=kind)


_ROW: Any = LoyaltyRedemptionRow
_BIRTHDAY: Any = LoyaltyBirthdayRow
