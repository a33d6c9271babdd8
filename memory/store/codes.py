"""Codes of offers: who was given which, and what is left of the imported ones.

A grant is `reserved` in the transaction of a claim, `confirmed` or `refused` by what the shop says. A code of the pool
belongs to one grant for good.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, cast

import pyarrow as pa
from sqlalchemy import Column, Index, String, bindparam, func, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, select

from memory.domain.codes import CodeGrant

from .outbox import OutboxRow

IDS_PER_QUERY = 500
GRANTS_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("grant_id", "plan_id", "offer_id", "person_id", "code", "state")]
)


class CodeGrantRow(SQLModel, table=True):
    """The row of one grant."""

    __tablename__ = "code_grant"
    __table_args__ = (
        Index("ix_code_grant_code", "shop_id", "code_key", unique=True),
        Index("ix_code_grant_offer", "shop_id", "plan_id", "offer_id", "state"),
        Index("ix_code_grant_person", "person_id"),
    )

    id: str = Field(primary_key=True)
    shop_id: str
    plan_id: str
    step_id: str
    offer_id: str
    person_id: str
    source: str
    code: str
    code_key: str
    state: str
    reason: str = ""
    reserved_at: datetime
    asked_at: datetime | None = None
    """When the shop was asked for it last; from then on it may know it."""
    job: str = ""
    """The shop's name of the job that makes it; empty before and after."""
    settled_at: datetime | None = None


class CodePoolRow(SQLModel, table=True):
    """The row of one imported code."""

    __tablename__ = "code_pool"
    __table_args__ = (Index("ix_code_pool_free", "shop_id", "terms", "grant_id"),)

    shop_id: str = Field(primary_key=True)
    code_key: str = Field(primary_key=True)
    code: str
    terms: str
    """Hash of what it is worth; see `memory.domain.codes.terms_of`."""
    offer_id: str
    """The offer it was imported for."""
    expires_on: date | None = None
    """Its last day in the shop's zone."""
    grant_id: str = Field(default="", sa_column=Column(String, nullable=False, server_default=""))
    """Whose it is; empty while it is free."""
    added_by: str
    added_at: datetime


class PoolLevel(NamedTuple):
    """How many codes of some worth there are."""

    n_all: int
    """Imported."""
    n_free: int
    """Not given to anybody and good for as long as the offer."""


_GRANT: Any = cast(Any, CodeGrantRow).__table__
_POOL: Any = cast(Any, CodePoolRow).__table__
_SENT: Any = cast(Any, OutboxRow).__table__


class Codes:
    """Reads and writes grants and the pool."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session
        self._connection = session.connection()

    def of_people(self, shop_id: str, plan_ids: Iterable[str], subject_ids: Iterable[str]) -> Sequence[Any]:
        """Give the grants of these pseudonyms by these plans."""
        found: list[Any] = []
        for ids in _chunks(subject_ids):
            query = select(_GRANT).where(_GRANT.c.shop_id == shop_id, _GRANT.c.person_id.in_(ids))
            found.extend(self._connection.execute(query.where(_GRANT.c.plan_id.in_(sorted(set(plan_ids))))).all())
        return found

    def free(self, shop_id: str, terms: str, until: date, n: int) -> list[str]:
        """Give up to `n` codes of this worth that nobody has and that hold until a day, the first to expire first.

        On PostgreSQL they are locked, and those that another transaction looks at are passed over.
        """
        query = (
            select(_POOL.c.code)
            .where(*_free(shop_id, terms, until))
            .order_by(_POOL.c.expires_on.is_(None), _POOL.c.expires_on, _POOL.c.code_key)
            .limit(n)
            .with_for_update(skip_locked=True)
        )
        return [row[0] for row in self._connection.execute(query)]

    def level(self, shop_id: str, terms: str, until: date) -> PoolLevel:
        """Give how many codes of this worth were imported and how many are left."""
        every = select(func.count()).select_from(_POOL).where(_POOL.c.shop_id == shop_id, _POOL.c.terms == terms)
        left = select(func.count()).select_from(_POOL).where(*_free(shop_id, terms, until))
        return PoolLevel(
            int(self._connection.execute(every).scalar_one()), int(self._connection.execute(left).scalar_one())
        )

    def known(self, shop_id: str, keys: Iterable[str]) -> set[str]:
        """Give those of these code keys that the shop has already, in the pool or given to somebody."""
        found: set[str] = set()
        for ids in _chunks(keys):
            for table in (_POOL, _GRANT):
                query = select(table.c.code_key).where(table.c.shop_id == shop_id, table.c.code_key.in_(ids))
                found.update(row[0] for row in self._connection.execute(query))
        return found

    def add_to_pool(self, rows: Sequence[CodePoolRow]) -> int:
        """Add codes to the pool; one that is there stays. Give how many were new."""
        values = [row.model_dump() for row in rows]
        added = [self._add(_POOL, values[start : start + 5_000]) for start in range(0, len(values), 5_000)]
        return sum(added)

    def grant(self, rows: Sequence[CodeGrantRow]) -> int:
        """Keep grants of one batch, with the pool's codes taken; a grant that is there stays. Give how many are new."""
        if not rows:
            return 0
        n_new = self._add(_GRANT, [row.model_dump() for row in rows])
        taken = [{"of_key": row.code_key, "to_grant": row.id} for row in rows if row.source == "pool"]
        if taken:
            mine = (_POOL.c.shop_id == rows[0].shop_id, _POOL.c.code_key == bindparam("of_key"))
            self._connection.execute(update(_POOL).where(*mine).values(grant_id=bindparam("to_grant")), taken)
        return n_new

    def waiting(self, shop_id: str) -> tuple[tuple[str, str], ...]:
        """Give (plan id, offer id) of everything with codes that the shop has not confirmed."""
        query = select(_GRANT.c.plan_id, _GRANT.c.offer_id).where(
            _GRANT.c.shop_id == shop_id, _GRANT.c.state == "reserved"
        )
        return tuple(sorted((plan, offer) for plan, offer in self._connection.execute(query.distinct())))

    def reserved(self, shop_id: str, plan_id: str, offer_id: str, n: int) -> Sequence[Any]:
        """Give up to `n` grants of an offer that wait for the shop and are in no job, those asked for before first."""
        mine = (_GRANT.c.shop_id == shop_id, _GRANT.c.plan_id == plan_id, _GRANT.c.offer_id == offer_id)
        query = select(_GRANT).where(*mine, _GRANT.c.state == "reserved", _GRANT.c.job == "")
        order = (_GRANT.c.asked_at.is_(None), _GRANT.c.reserved_at, _GRANT.c.id)
        return self._connection.execute(query.order_by(*order).limit(n)).all()

    def jobs(self, shop_id: str, plan_id: str, offer_id: str) -> tuple[str, ...]:
        """Give the shop's jobs that make codes of an offer, by name."""
        mine = (_GRANT.c.shop_id == shop_id, _GRANT.c.plan_id == plan_id, _GRANT.c.offer_id == offer_id)
        query = select(_GRANT.c.job).where(*mine, _GRANT.c.state == "reserved", _GRANT.c.job != "").distinct()
        return tuple(sorted(row[0] for row in self._connection.execute(query)))

    def in_job(self, shop_id: str, job: str) -> Sequence[Any]:
        """Give the grants of a job that are not settled."""
        query = select(_GRANT).where(_GRANT.c.shop_id == shop_id, _GRANT.c.job == job, _GRANT.c.state == "reserved")
        return self._connection.execute(query.order_by(_GRANT.c.id)).all()

    def asked(self, ids: Sequence[str], at: datetime) -> None:
        """Note, before the shop is asked, that it may know these codes from now on."""
        self._set(ids, {"asked_at": at})

    def begun(self, ids: Sequence[str], job: str) -> None:
        """Note the job that makes these codes; an empty one where there is none any more."""
        self._set(ids, {"job": job})

    def confirm(self, ids: Sequence[str], at: datetime) -> None:
        """Note that the shop has these codes."""
        self._set(ids, {"state": "confirmed", "job": "", "reason": "", "settled_at": at})

    def refuse(self, reasons: Mapping[str, str], at: datetime) -> None:
        """Note that the shop does not want these codes: grant id to reason."""
        for reason in sorted(set(reasons.values())):
            ids = [one for one, why in reasons.items() if why == reason]
            self._set(ids, {"state": "refused", "job": "", "reason": reason[:200], "settled_at": at})

    def ask_again(self, shop_id: str, plan_id: str, offer_id: str) -> int:
        """Let refused codes of an offer be asked for once more, the same ones; give how many."""
        mine = (_GRANT.c.shop_id == shop_id, _GRANT.c.plan_id == plan_id, _GRANT.c.offer_id == offer_id)
        again = {"state": "reserved", "reason": "", "job": "", "settled_at": None}
        done = self._connection.execute(update(_GRANT).where(*mine, _GRANT.c.state == "refused").values(**again))
        self._session.expire_all()
        return int(done.rowcount)

    def counts(self, shop_id: str, plan_id: str) -> dict[tuple[str, str], int]:
        """Give how many grants of a plan stand in each (offer, state)."""
        query = select(_GRANT.c.offer_id, _GRANT.c.state, func.count()).where(
            _GRANT.c.shop_id == shop_id, _GRANT.c.plan_id == plan_id
        )
        rows = self._connection.execute(query.group_by(_GRANT.c.offer_id, _GRANT.c.state))
        return {(row[0], row[1]): int(row[2]) for row in rows}

    def list(self, shop_id: str, plan_id: str, start: int, n: int) -> tuple[CodeGrant, ...]:
        """Give a plan's grants by offer and id, `n` after the first `start`."""
        query = select(CodeGrantRow).where(CodeGrantRow.shop_id == shop_id, CodeGrantRow.plan_id == plan_id)
        rows = self._session.exec(query.order_by(CodeGrantRow.offer_id, CodeGrantRow.id).offset(start).limit(n))
        return tuple(CodeGrant.model_validate(row.model_dump(include=set(CodeGrant.model_fields))) for row in rows)

    def table(self, shop_id: str, plan_ids: Iterable[str] | None = None) -> pa.Table:
        """Give the shop's grants (`GRANTS_SCHEMA`, the code as it is compared), of some plans where any are named."""
        names = ("id", "plan_id", "offer_id", "person_id", "code_key", "state")
        query = select(*[_GRANT.c[name] for name in names]).where(_GRANT.c.shop_id == shop_id)
        if plan_ids is not None:
            query = query.where(_GRANT.c.plan_id.in_(sorted(set(plan_ids))))
        rows = self._connection.execute(query.order_by(_GRANT.c.id)).all()
        columns = list(zip(*rows, strict=True)) or [()] * len(GRANTS_SCHEMA)
        return pa.table([pa.array(column, pa.string()) for column in columns], schema=GRANTS_SCHEMA)

    def told(self, shop_id: str) -> dict[tuple[str, str], int]:
        """Give how many messages with each (plan, offer) left, or may have."""
        query = select(_SENT.c.plan_id, _SENT.c.offer_id, func.count()).where(
            _SENT.c.shop_id == shop_id, _SENT.c.offer_id != "", _SENT.c.state.in_(("sent", "unknown"))
        )
        rows = self._connection.execute(query.group_by(_SENT.c.plan_id, _SENT.c.offer_id))
        return {(row[0], row[1]): int(row[2]) for row in rows}

    def _add(self, table: Any, values: Sequence[Mapping[str, Any]]) -> int:
        if not values:
            return 0
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(table).on_conflict_do_nothing()
        return int(self._connection.execute(statement, list(values)).rowcount)

    def _set(self, ids: Sequence[str], values: Mapping[str, Any]) -> None:
        for chunk in _chunks(ids):
            mine = (_GRANT.c.id.in_(chunk), _GRANT.c.state == "reserved")
            self._connection.execute(update(_GRANT).where(*mine).values(**values))
        self._session.expire_all()


def _free(shop_id: str, terms: str, until: date) -> tuple[Any, ...]:
    holds = or_(_POOL.c.expires_on.is_(None), _POOL.c.expires_on >= until)
    return (_POOL.c.shop_id == shop_id, _POOL.c.terms == terms, _POOL.c.grant_id == "", holds)


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), IDS_PER_QUERY):
        yield ordered[start : start + IDS_PER_QUERY]
