"""Notices: messages about one article whose price or stock changed, and who has a message of a step already."""

from collections.abc import Iterable, Sequence
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

    def told(self, shop_id: str, since: datetime, person_ids: Iterable[str] | None = None) -> pa.Table:
        """Give (person_id, sku) of price and stock notices that wait, left or may have left since then.

        Only those to these people where any are given.
        """
        at = func.coalesce(func.nullif(_TABLE.c.claimed_at, 0), _TABLE.c.send_at)
        query = select(_TABLE.c.person_id, _TABLE.c.notice_sku, _TABLE.c.shop_id).where(
            _TABLE.c.notice_sku != "", _TABLE.c.state.in_(("planned", *COUNTED)), at > to_micros(since)
        )
        parts = [query.where(_TABLE.c.shop_id == shop_id)] if person_ids is None else _of_people(query, person_ids)
        rows = [row[:2] for part in parts for row in self._connection.execute(part) if row[2] == shop_id]
        return _pairs(rows, "sku")

    def left(self, shop_id: str, person_ids: Iterable[str], since: datetime) -> set[tuple[str, str]]:
        """Give (person_id, sku) of notices to these people that left, or may have, since then.

        The shop is compared here: in the statement it would lure SQLite into reading all messages of the shop.
        """
        found: set[tuple[str, str]] = set()
        query = select(_TABLE.c.person_id, _TABLE.c.notice_sku, _TABLE.c.shop_id).where(
            _TABLE.c.notice_sku != "", _TABLE.c.state.in_(COUNTED), _TABLE.c.claimed_at > to_micros(since)
        )
        for part in _of_people(query, person_ids):
            found |= {(who, sku) for who, sku, shop in self._connection.execute(part) if shop == shop_id}
        return found

    def with_message(
        self, plan_ids: Sequence[str], step_ids: Iterable[str], person_ids: Iterable[str] | None = None
    ) -> pa.Table:
        """Give (person_id, step_id) of people who have a message of these steps of the plans, whatever became of it.

        Only of these people where any are given.
        """
        if not (steps := set(step_ids)):
            return _pairs([], "step_id")
        query = select(_TABLE.c.person_id, _TABLE.c.step_id, _TABLE.c.plan_id)
        if person_ids is None:
            parts = [query.where(_TABLE.c.plan_id.in_(plan_ids), _TABLE.c.step_id.in_(sorted(steps)))]
        else:
            parts = _of_people(query, person_ids)
        rows = {tuple(row) for part in parts for row in self._connection.execute(part.distinct())}
        return _pairs(sorted(row[:2] for row in rows if row[1] in steps and row[2] in plan_ids), "step_id")


def _of_people(query: Any, person_ids: Iterable[str]) -> list[Any]:
    ordered = sorted(set(person_ids))
    return [
        query.where(_TABLE.c.person_id.in_(ordered[start : start + IDS_PER_QUERY]))
        for start in range(0, len(ordered), IDS_PER_QUERY)
    ]


def _pairs(rows: Sequence[Any], second: str) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [(), ()]
    return pa.table([pa.array(column, pa.string()) for column in columns], names=["person_id", second])
