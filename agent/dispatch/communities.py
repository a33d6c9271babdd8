"""Invitations to a community at the claim: whoever joined since the tick, or was invited before, gets none.

Shares no code with the tick's own look: who joined is read from the facts afresh, once per run (S1-30).
"""

from datetime import datetime
from typing import Any

from memory.domain.market import Channel
from memory.lake.lake import Lake
from memory.store.communities import COMMUNITY
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork

MAX_ROWS = 5_000
"""Due messages that a run looks at in the lake at once."""


class Communities:
    """Which people of due invitations are in which community by now; asked once per run."""

    def __init__(self, store: Store, lake: Lake | None, shop_id: str, channel: Channel, now: datetime) -> None:
        """Look at what is due on the channel now; later arrivals are left to the next run."""
        self._inside: frozenset[tuple[str, str]] = frozenset()
        with store.read() as uow:
            due = uow.outbox.due(shop_id, channel, now, MAX_ROWS, lock=False)
            invited = [row for row in due if row.message_kind == COMMUNITY]
            self.seen = frozenset(row.send_key for row in invited)
            if not invited or lake is None:
                return
            people = set(uow.identities.people_of([row.person_id for row in invited]).values())
            records = {record for ones in uow.identities.subjects_of(people).values() for record in ones}
            tables = uow.versions.latest().tables
        with lake.open(tables, [shop_id], subjects=records) as view:
            told = view.table("community_memberships")
            rows = told.select("person_id", "community_id", "event_at", "is_member", "fact_id").to_pyarrow().to_pylist()
        rows = sorted(
            (row for row in rows if row["event_at"] <= now),
            key=lambda row: (row["event_at"], row["is_member"], row["fact_id"]),
        )
        latest = {(row["community_id"], row["person_id"]): row["is_member"] for row in rows}
        self._inside = frozenset(key for key, is_member in latest.items() if is_member)

    def refusal(self, uow: UnitOfWork, row: Any, person: str) -> str:
        """Give why this invitation does not go: `no_community`, `in_community` or `was_invited`, or nothing."""
        kept = uow.communities.of_market(row.shop_id, row.market)
        if kept is None:
            return "no_community"
        if (kept.community.id, person) in self._inside:
            return "in_community"
        records = uow.identities.subjects_of([person])[person]
        was_shown = uow.communities.was_shown(row.shop_id, kept.community.id, records)
        mailed_at = uow.member_invitations.mailed_at(row.shop_id, records, row.send_key, COMMUNITY)
        return "was_invited" if was_shown or mailed_at is not None else ""
