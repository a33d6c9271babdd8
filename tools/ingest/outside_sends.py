"""Events of the kind `sent`, what other tools sent, become slots under frequency caps."""

# ruff: noqa: S608  paths are ours and quoted, values are parameters

from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pyarrow.parquet as pq

from memory.domain.message import MessageClass
from memory.store.unit_of_work import UnitOfWork

from .duck import open_duckdb
from .parquet import quoted

KEPT = timedelta(days=366)
"""The longest window of a cap that the claim looks back on."""
UNKNOWN = "promotional"
"""The class of a message of which nobody says what it was: the one with the strictest caps, and the commonest."""


def store_outside_sends(uow: UnitOfWork, shop_id: str, events: Path, now: datetime) -> int:
    """Keep the sends of a file of events per person and forget those too old to count; give how many were kept.

    An event's `category` may name its message class. What names a message of ours in its `message_id`, by send key or
    receipt, is told by the tool that delivered it and holds a slot already. Files of some sources have neither column.
    """
    known = set(pq.read_schema(events).names)
    category, message_id = (name if name in known else "NULL" for name in ("category", "message_id"))
    with open_duckdb() as con:
        rows = con.execute(
            f"SELECT fact_id, arg_max(subject_id, event_at), arg_max({category}, event_at), max(epoch_us(event_at)), "
            f"arg_max({message_id}, event_at) FROM read_parquet({quoted(events)}) "
            "WHERE kind = 'sent' AND subject_id IS NOT NULL AND event_at > ? GROUP BY fact_id ORDER BY fact_id",
            [now - KEPT],
        ).fetchall()
    if not rows:
        return 0
    ours = uow.outside_sends.ours(shop_id, (message_id for *_, message_id in rows if message_id))
    kept = [
        {
            "fact_id": fact_id,
            "shop_id": shop_id,
            "subject_id": subject_id,
            "message_class": category if category in get_args(MessageClass) else UNKNOWN,
            "sent_at": at,
        }
        for fact_id, subject_id, category, at, message_id in rows
        if message_id not in ours
    ]
    uow.outside_sends.put(kept)
    uow.outside_sends.forget_before(shop_id, now - KEPT)
    return len(kept)
