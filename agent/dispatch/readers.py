"""Readers of the content library at the claim: an item for members goes to nobody who left since the tick (S1-38)."""

from datetime import datetime

from memory.domain.market import Channel
from memory.lake.lake import Lake
from memory.store.engine import Store

from .joined import joined
from .library import CONTENT


class Readers:
    """Which people of due content messages are members by now; asked once per run."""

    def __init__(self, store: Store, lake: Lake | None, shop_id: str, channel: Channel, now: datetime) -> None:
        """Look at what is due on the channel now; later arrivals are left to the next run."""
        self.seen, self._members = joined(store, lake, shop_id, channel, now, kind=CONTENT, table="memberships")

    def has(self, person: str) -> bool:
        """Say whether somebody is a member."""
        return (person,) in self._members
