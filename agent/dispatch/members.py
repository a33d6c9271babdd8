"""Invitations at the claim: whoever became a member since the tick, or saw the invitation after the order, gets none.

Shares no code with the tick's own look: who joined is read from the facts afresh, once per run (S1-35).
"""

from datetime import datetime
from typing import Any

from memory.domain.market import Channel
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.member_invitations import INVITATION
from memory.store.unit_of_work import UnitOfWork

MAX_ROWS = 5_000
"""Due messages that a run looks at in the lake at once."""


class Members:
    """Which people of due invitations are members by now; asked once per run."""

    def __init__(self, store: Store, lake: Lake | None, shop_id: str, channel: Channel, now: datetime) -> None:
        """Look at what is due on the channel now; later arrivals are left to the next run."""
        self._members: frozenset[str] = frozenset()
        with store.read() as uow:
            due = uow.outbox.due(shop_id, channel, now, MAX_ROWS, lock=False)
            invited = [row for row in due if row.message_kind == INVITATION]
            self.seen = frozenset(row.send_key for row in invited)
            if not invited or lake is None:
                return
            people = set(uow.identities.people_of([row.person_id for row in invited]).values())
            records = {record for ones in uow.identities.subjects_of(people).values() for record in ones}
            tables = uow.versions.latest().tables
        with lake.open(tables, [shop_id], subjects=records) as view:
            rows = view.table("memberships").select("person_id", "event_at", "is_member", "fact_id")
            told = [row for row in rows.to_pyarrow().to_pylist() if row["event_at"] <= now]
        told.sort(key=lambda row: (row["event_at"], row["is_member"], row["fact_id"]))
        latest = {row["person_id"]: row["is_member"] for row in told}
        self._members = frozenset(person for person, is_member in latest.items() if is_member)

    def refusal(self, uow: UnitOfWork, row: Any, person: str, last_order_at: datetime | None) -> str:
        """Give why this invitation does not go: `is_member` or `was_invited`, or nothing."""
        if person in self._members:
            return "is_member"
        records = uow.identities.subjects_of([person])[person]
        told = uow.member_invitations
        shown_at, mailed_at = told.last_at(row.shop_id, records), told.mailed_at(row.shop_id, records, row.send_key)
        last = max((at for at in (shown_at, mailed_at) if at is not None), default=None)
        return "was_invited" if last is not None and (last_order_at is None or last >= last_order_at) else ""
