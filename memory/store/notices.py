"""Notices: messages about one article whose price or stock changed, and who has a message of a step already."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import func
from sqlmodel import Session, select

from .instants import to_micros
from .outbox import COUNTED, IDS_PER_QUERY, OutboxRow

_TABLE: Any = OutboxRow.__table__  # type: ignore[attr-defined]


class Notices:
    """Reads the outbox for what a person must not be told twice."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._connection = session.connection()

    def told(self, shop_id: str, since: datetime) -> pa.Table:
        """Give (person_id, sku) of price and stock notices that wait, left or may have left since then."""
        at = func.coalesce(func.nullif(_TABLE.c.claimed_at, 0), _TABLE.c.send_at)
        query = select(_TABLE.c.person_id, _TABLE.c.notice_sku).where(
            _TABLE.c.shop_id == shop_id,
            _TABLE.c.notice_sku != "",
            _TABLE.c.state.in_(("planned", *COUNTED)),
            at > to_micros(since),
        )
        rows = self._connection.execute(query).all()
        columns = list(zip(*rows, strict=True)) or [(), ()]
        return pa.table([pa.array(column, pa.string()) for column in columns], names=["person_id", "sku"])

    def left(self, shop_id: str, person_ids: Iterable[str], since: datetime) -> set[tuple[str, str]]:
        """Give (person_id, sku) of notices to these people that left, or may have, since then.

        The shop is compared here: in the statement it would lure SQLite into reading all messages of the shop.
        """
        found: set[tuple[str, str]] = set()
        ordered = sorted(set(person_ids))
        for start in range(0, len(ordered), IDS_PER_QUERY):
            query = select(_TABLE.c.person_id, _TABLE.c.notice_sku, _TABLE.c.shop_id).where(
                _TABLE.c.person_id.in_(ordered[start : start + IDS_PER_QUERY]),
                _TABLE.c.notice_sku != "",
                _TABLE.c.state.in_(COUNTED),
                _TABLE.c.claimed_at > to_micros(since),
            )
            found |= {(who, sku) for who, sku, shop in self._connection.execute(query) if shop == shop_id}
        return found

    def with_message(self, plan_id: str, step_ids: Iterable[str]) -> pa.Table:
        """Give (person_id, step_id) of people who have a message of these steps, whatever became of it."""
        query = select(_TABLE.c.person_id, _TABLE.c.step_id).where(
            _TABLE.c.plan_id == plan_id, _TABLE.c.step_id.in_(sorted(step_ids))
        )
        rows = self._connection.execute(query.distinct()).all()
        columns = list(zip(*rows, strict=True)) or [(), ()]
        return pa.table([pa.array(column, pa.string()) for column in columns], names=["person_id", "step_id"])
