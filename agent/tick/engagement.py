"""When the people of a tick's messages last did something of their own accord: who did so last goes first (warm-up)."""

from typing import Any

import ibis
import pyarrow as pa

from memory.lake.view import LakeView
from memory.store.instants import to_micros

KEEN = ("mail_open", "mail_click", "app_open", "view", "cart")
"""Events that show interest; those made by software do not."""


def with_engagement(messages: list[dict[str, Any]], view: LakeView) -> list[dict[str, Any]]:
    """Give the outbox rows with `engaged_at`: microseconds of the person's last open, click, visit or order, or 0."""
    if not messages:
        return messages
    ids = pa.table({"who": pa.array(sorted({message["person_id"] for message in messages}), pa.string())})
    people, events, orders = view.memory_table("tick_engaged", ids), view.table("events"), view.table("orders")
    keen = events.filter(~events.is_machine & events.kind.isin(KEEN)).select("person_id", "event_at")
    deeds = ibis.union(keen, orders.select("person_id", "event_at"), distinct=False)
    joined = people.inner_join(deeds, people.who == deeds.person_id)
    rows = joined.group_by("who").agg(last=joined.event_at.max()).to_pyarrow().to_pylist()
    last = {row["who"]: to_micros(row["last"]) for row in rows}
    return [message | {"engaged_at": last.get(message["person_id"], 0)} for message in messages]
