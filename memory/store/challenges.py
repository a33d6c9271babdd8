"""Challenges and what was handed in: one post once, used only where a person accepted it and its maker consents."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

import pyarrow as pa
from sqlalchemy import JSON, Column, CursorResult, Index, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select, update

from memory.domain.canonical import content_hash
from memory.domain.challenge import Challenge, RightsConsent, Sent, Submission, SubmissionState
from memory.domain.errors import Conflict, NotFound

ACCEPTED_SCHEMA = pa.schema([("maker_id", pa.string()), ("submission_id", pa.string())])


class ChallengeRow(SQLModel, table=True):
    """The row of one challenge."""

    __tablename__ = "challenge"

    shop_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    set_by: str
    set_at: datetime


class ChallengeSubmissionRow(SQLModel, table=True):
    """The row of one post that was handed in."""

    __tablename__ = "challenge_submission"
    __table_args__ = (Index("ix_challenge_submission_person", "shop_id", "person_id"),)

    shop_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    challenge_id: str
    person_id: str
    link: str
    submitted_at: datetime
    rights_source: str = ""
    rights_at: datetime | None = None
    state: str = "waiting"
    decided_by: str = ""
    decided_at: datetime | None = None
    why: str = ""


class Challenges:
    """Reads and writes challenges and submissions."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, shop_id: str, challenge: Challenge, by: str, at: datetime) -> None:
        """Set a challenge; the same id again changes it, and what was handed in stays."""
        content = challenge.model_dump(mode="json")
        self._session.merge(ChallengeRow(shop_id=shop_id, id=challenge.id, content=content, set_by=by, set_at=at))
        self._session.flush()

    def all(self, shop_id: str) -> tuple[Challenge, ...]:
        """Give every challenge of a shop, by name."""
        query = select(ChallengeRow).where(ChallengeRow.shop_id == shop_id).order_by(col(ChallengeRow.id))
        return tuple(Challenge.model_validate(row.content) for row in self._session.exec(query))

    def get(self, shop_id: str, challenge_id: str) -> Challenge:
        """Give one; raise `NotFound`."""
        row = self._session.get(ChallengeRow, (shop_id, challenge_id), populate_existing=True)
        if row is None:
            raise NotFound(kind="challenge", id=challenge_id)
        return Challenge.model_validate(row.content)

    def add(self, shop_id: str, challenge_id: str, person_id: str, sent: Sent) -> tuple[Submission, bool]:
        """Keep what somebody handed in, and say whether it is new: a post that is there stays as it is."""
        submission_id = content_hash([challenge_id, post_of(sent.link)])[:16]
        rights = sent.rights
        values = {
            "shop_id": shop_id, "id": submission_id, "challenge_id": challenge_id, "person_id": person_id,
            "link": sent.link, "submitted_at": sent.submitted_at, "rights_source": rights.source if rights else "",
            "rights_at": rights.given_at if rights else None, "state": "waiting", "decided_by": "", "why": "",
        }  # fmt: skip
        connection = self._session.connection()
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(ChallengeSubmissionRow).values(values).on_conflict_do_nothing()
        made = connection.execute(statement.returning(ChallengeSubmissionRow.__table__.c.id)).first()  # type: ignore[attr-defined]
        return self.submission(shop_id, submission_id), made is not None

    def submission(self, shop_id: str, submission_id: str) -> Submission:
        """Give one submission; raise `NotFound`."""
        row = self._session.get(ChallengeSubmissionRow, (shop_id, submission_id), populate_existing=True)
        if row is None:
            raise NotFound(kind="challenge submission", id=submission_id)
        return _submission(row)

    def counts(self, shop_id: str) -> dict[tuple[str, SubmissionState, bool], int]:
        """Give how many submissions per (challenge, state, whether there is consent to their use)."""
        row: Any = ChallengeSubmissionRow
        columns = (row.challenge_id, row.state, row.rights_at.is_not(None))
        query = select(*columns, func.count()).where(row.shop_id == shop_id).group_by(*columns)
        return {(one[0], one[1], bool(one[2])): one[3] for one in self._session.connection().execute(query)}

    def submissions(
        self,
        shop_id: str,
        challenge_id: str,
        state: SubmissionState | None = None,
        *,
        usable: bool = False,
        most: int | None = None,
    ) -> tuple[Submission, ...]:
        """Give what was handed in to a challenge, oldest first; only of a state, or only what may be used.

        `most` reads so many of them alone.
        """
        row: Any = ChallengeSubmissionRow
        query = select(ChallengeSubmissionRow).where(row.shop_id == shop_id, row.challenge_id == challenge_id)
        if state is not None:
            query = query.where(row.state == state)
        if usable:
            query = query.where(row.state == "accepted", row.rights_at.is_not(None))
        found = self._session.exec(query.order_by(row.submitted_at, row.id).limit(most))
        return tuple(_submission(one) for one in found)

    def decide(
        self, shop_id: str, submission_id: str, state: SubmissionState, by: str, at: datetime, why: str
    ) -> Submission:
        """Accept or refuse what waits; raise `Conflict` where somebody decided before, also a moment ago."""
        row: Any = ChallengeSubmissionRow
        mine = (row.shop_id == shop_id, row.id == submission_id, row.state == "waiting")
        values = {"state": state, "decided_by": by, "decided_at": at, "why": why}
        moved = cast(CursorResult[Any], self._session.connection().execute(update(row).where(*mine).values(**values)))
        found = self.submission(shop_id, submission_id)
        if moved.rowcount != 1:
            raise Conflict(what=f"submission {submission_id}", why=f"{found.decided_by} {found.state} it")
        return found

    def set_rights(self, shop_id: str, submission_id: str, rights: RightsConsent | None) -> Submission:
        """Keep that its maker consents to the use of a submission, or takes that back; raise `NotFound`."""
        row = self._session.get(ChallengeSubmissionRow, (shop_id, submission_id), populate_existing=True)
        if row is None:
            raise NotFound(kind="challenge submission", id=submission_id)
        row.rights_source, row.rights_at = (rights.source, rights.given_at) if rights else ("", None)
        self._session.add(row)
        self._session.flush()
        return _submission(row)

    def accepted(self, shop_id: str) -> pa.Table:
        """Give who made what was accepted, as `ACCEPTED_SCHEMA`, under the pseudonym of its time."""
        row: Any = ChallengeSubmissionRow
        query = select(row.person_id, row.id).where(row.shop_id == shop_id, row.state == "accepted")
        rows = self._session.connection().execute(query).all()
        columns: Iterable[Any] = list(zip(*rows, strict=True)) or [(), ()]
        return pa.table([pa.array(one, pa.string()) for one in columns], schema=ACCEPTED_SCHEMA)


def post_of(link: str) -> str:
    """Give a post's address without what only says how one came there."""
    return link.partition("#")[0].rstrip("/")


def _submission(row: ChallengeSubmissionRow) -> Submission:
    rights = RightsConsent(source=row.rights_source, given_at=row.rights_at) if row.rights_at else None
    kept = row.model_dump(exclude={"shop_id", "rights_source", "rights_at"})
    return Submission(**kept, rights=rights)
