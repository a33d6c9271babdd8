"""Who of the people in due invitations joined by now, read from the facts afresh once per run.

Shares no code with the tick's own look (S1-30, S1-35).
"""

from datetime import datetime
from typing import Any, NamedTuple

from memory.domain.market import Channel
from memory.lake.lake import Lake
from memory.store.engine import Store

MAX_ROWS = 5_000
"""Due messages that a run looks at in the lake at once."""


class Joined(NamedTuple):
    """What a run's look found."""

    seen: frozenset[str]
    """Send keys of the invitations that were looked at; later arrivals are left to the next run."""
    inside: frozenset[tuple[str, ...]]
    """Of whom the last statement up to now says that they joined: person, and what else the statement names."""


def joined(
    store: Store, lake: Lake | None, shop_id: str, channel: Channel, now: datetime, *, kind: str, table: str,
    of: tuple[str, ...] = (),
) -> Joined:  # fmt: skip
    """Look at invitations of a kind that are due on the channel now, and at `table` for their people.

    `of` names further columns that tell statements apart. Of statements of one instant those that join count.
    """
    with store.read() as uow:
        due = uow.outbox.due(shop_id, channel, now, MAX_ROWS, lock=False)
        invited = [row for row in due if row.message_kind == kind]
        seen = frozenset(row.send_key for row in invited)
        if not invited or lake is None:
            return Joined(seen, frozenset())
        people = set(uow.identities.people_of([row.person_id for row in invited]).values())
        records = {record for ones in uow.identities.subjects_of(people).values() for record in ones}
        tables = uow.versions.latest().tables
    with lake.open(tables, [shop_id], subjects=records) as view:
        rows = view.table(table).select("person_id", *of, "event_at", "is_member", "fact_id").to_pyarrow().to_pylist()
    told = sorted((row for row in rows if row["event_at"] <= now), key=_order)
    latest = {(row["person_id"], *(row[name] for name in of)): row["is_member"] for row in told}
    return Joined(seen, frozenset(key for key, is_member in latest.items() if is_member))


def _order(row: dict[str, Any]) -> tuple[datetime, bool, str]:
    return row["event_at"], row["is_member"], row["fact_id"]
