"""Invitations at the claim: who became a member since the tick, or saw one after the order, gets none (S1-35)."""

from datetime import datetime
from typing import Any

from memory.domain.market import Channel
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.member_invitations import INVITATION
from memory.store.unit_of_work import UnitOfWork

from .joined import joined


class Members:
    """Which people of due invitations are members by now; asked once per run."""

    def __init__(self, store: Store, lake: Lake | None, shop_id: str, channel: Channel, now: datetime) -> None:
        """Look at what is due on the channel now; later arrivals are left to the next run."""
        self.seen, self._members = joined(store, lake, shop_id, channel, now, kind=INVITATION, table="memberships")

    def refusal(self, uow: UnitOfWork, row: Any, person: str, last_order_at: datetime | None) -> str:
        """Give why this invitation does not go: `is_member` or `was_invited`, or nothing."""
        if (person,) in self._members:
            return "is_member"
        records = uow.identities.subjects_of([person])[person]
        told = uow.member_invitations
        shown_at, mailed_at = told.last_at(row.shop_id, records), told.mailed_at(row.shop_id, records, row.send_key)
        last = max((at for at in (shown_at, mailed_at) if at is not None), default=None)
        return "was_invited" if last is not None and (last_order_at is None or last >= last_order_at) else ""
