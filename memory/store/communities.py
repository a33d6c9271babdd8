"""Communities of a shop, and who was shown an invitation to one on a page; once per person and community."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.community import Community, KeptCommunity
from memory.domain.errors import InvalidInput, NotFound

COMMUNITY = "community_invitation"
"""The kind of message that invites to one."""


class CommunityRow(SQLModel, table=True):
    """The row of one community; of a market one runs at a time."""

    __tablename__ = "community"
    __table_args__ = (Index("ix_community_open", "shop_id", "open_market", unique=True),)

    shop_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    open_market: str | None = None
    """Its market while it runs: the database keeps a second one of the market out."""
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    set_by: str
    set_at: datetime
    ended_at: datetime | None = None


class CommunityInvitationRow(SQLModel, table=True):
    """The row of one person who was shown an invitation on a page."""

    __tablename__ = "community_invitation"

    shop_id: str = Field(primary_key=True)
    community_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    shown_at: datetime


class Communities:
    """Reads and writes communities."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, shop_id: str, community: Community, by: str, at: datetime) -> None:
        """Set a community; the same id again changes it. Raise `InvalidInput` where another of its market runs."""
        other = self.of_market(shop_id, community.market)
        if other is not None and other.community.id != community.id:
            raise InvalidInput(
                what=f"community {community.id}",
                why=f"{other.community.id} runs in {community.market}",
                remedy=f"End it first: `secondorder community end {other.community.id}`.",
            )
        row = self._session.get(CommunityRow, (shop_id, community.id), populate_existing=True)
        row = row or CommunityRow(shop_id=shop_id, id=community.id, content={}, set_by=by, set_at=at)
        row.content, row.set_by, row.set_at = community.model_dump(mode="json"), by, at
        row.open_market, row.ended_at = community.market, None
        self._session.add(row)
        self._session.flush()

    def end(self, shop_id: str, community_id: str, at: datetime) -> KeptCommunity:
        """Invite nobody to it any more; ended again it stays ended when it was. Raise `NotFound`."""
        row = self._session.get(CommunityRow, (shop_id, community_id), populate_existing=True)
        if row is None:
            raise NotFound(kind="community", id=community_id)
        row.open_market, row.ended_at = None, row.ended_at or at
        self._session.add(row)
        self._session.flush()
        return _kept(row)

    def all(self, shop_id: str) -> tuple[KeptCommunity, ...]:
        """Give every community of a shop, also those that ended, by name."""
        query = select(CommunityRow).where(CommunityRow.shop_id == shop_id).order_by(col(CommunityRow.id))
        return tuple(_kept(row) for row in self._session.exec(query))

    def get(self, shop_id: str, community_id: str) -> KeptCommunity:
        """Give one; raise `NotFound`."""
        row = self._session.get(CommunityRow, (shop_id, community_id), populate_existing=True)
        if row is None:
            raise NotFound(kind="community", id=community_id)
        return _kept(row)

    def of_market(self, shop_id: str, market: str) -> KeptCommunity | None:
        """Give the community that runs in a market; none where there is none."""
        query = select(CommunityRow).where(CommunityRow.shop_id == shop_id, CommunityRow.open_market == market)
        row = self._session.exec(query).first()
        return None if row is None else _kept(row)

    def was_shown(self, shop_id: str, community_id: str, subject_ids: Iterable[str]) -> bool:
        """Say whether a page has shown any of these pseudonyms the invitation."""
        row: Any = CommunityInvitationRow
        mine = (row.shop_id == shop_id, row.community_id == community_id, row.person_id.in_(sorted(subject_ids)))
        return self._session.exec(select(row.person_id).where(*mine).limit(1)).first() is not None

    def n_shown(self, shop_id: str) -> dict[str, int]:
        """Give how many people were shown an invitation on a page, per community."""
        row: Any = CommunityInvitationRow
        query = select(row.community_id, func.count()).where(row.shop_id == shop_id).group_by(row.community_id)
        return {one[0]: one[1] for one in self._session.connection().execute(query)}

    def show(self, shop_id: str, community_id: str, person_id: str, at: datetime) -> bool:
        """Keep that a page shows somebody the invitation; false where one did before, also a moment ago."""
        connection = self._session.connection()
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        row = {"shop_id": shop_id, "community_id": community_id, "person_id": person_id, "shown_at": at}
        statement = insert(CommunityInvitationRow).values(row).on_conflict_do_nothing()
        made = connection.execute(statement.returning(CommunityInvitationRow.__table__.c.person_id))  # type: ignore[attr-defined]
        return made.first() is not None


def _kept(row: CommunityRow) -> KeptCommunity:
    community = Community.model_validate(row.content)
    return KeptCommunity(community=community, set_by=row.set_by, set_at=row.set_at, ended_at=row.ended_at)
