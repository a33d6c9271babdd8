"""When the people of a tick's messages last did something of their own accord: who did so last goes first (warm-up)."""

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.facts import INSTANT
from memory.lake.view import LakeView

KEEN = ("mail_open", "mail_click", "app_open", "view", "cart")
"""Events that show interest; those made by software do not."""


def with_engagement(messages: pa.Table, view: LakeView) -> pa.Table:
    """Give the outbox rows with `engaged_at`: microseconds of the person's last open, click, visit or order, or 0."""
    if not messages.num_rows:
        return messages
    ids = pa.table({"who": pc.unique(messages["person_id"])})
    people, events, orders = view.memory_table("tick_engaged", ids), view.table("events"), view.table("orders")
    keen = events.filter(~events.is_machine & events.kind.isin(KEEN)).select("person_id", "event_at")
    deeds = ibis.union(keen, orders.select("person_id", "event_at"), distinct=False)
    joined = people.inner_join(deeds, people.who == deeds.person_id)
    rows = joined.group_by("who").agg(last=joined.event_at.max()).to_pyarrow()
    last = pc.cast(pc.cast(rows["last"], INSTANT), pa.int64()).combine_chunks()
    place = pc.index_in(messages["person_id"], value_set=rows["who"].combine_chunks())
    engaged = pc.fill_null(last.take(place), 0)
    return messages.set_column(messages.schema.get_field_index("engaged_at"), "engaged_at", engaged)
