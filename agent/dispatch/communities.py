"""Invitations to a community at the claim: whoever joined since the tick, or was invited before, gets none (S1-30)."""

from datetime import datetime
from typing import Any

from memory.domain.market import Channel
from memory.lake.lake import Lake
from memory.store.communities import COMMUNITY
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork

from .joined import joined


class Communities:
    """Which people of due invitations are in which community by now; asked once per run."""

    def __init__(self, store: Store, lake: Lake | None, shop_id: str, channel: Channel, now: datetime) -> None:
        """Look at what is due on the channel now; later arrivals are left to the next run."""
        self.seen, self._inside = joined(
            store, lake, shop_id, channel, now, kind=COMMUNITY, table="community_memberships", of=("community_id",)
        )

    def refusal(self, uow: UnitOfWork, row: Any, person: str) -> str:
        """Give why this invitation does not go: `no_community`, `in_community` or `was_invited`, or nothing."""
        kept = uow.communities.of_market(row.shop_id, row.market)
        if kept is None:
            return "no_community"
        if (person, kept.community.id) in self._inside:
            return "in_community"
        records = uow.identities.subjects_of([person])[person]
        was_shown = uow.communities.was_shown(row.shop_id, kept.community.id, records)
        mailed_at = uow.member_invitations.mailed_at(row.shop_id, records, row.send_key, COMMUNITY)
        return "was_invited" if was_shown or mailed_at is not None else ""
