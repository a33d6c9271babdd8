"""Slips of lanes: which lane, since when, whom it touches, what is held back meanwhile and what people are told."""

from typing import Literal, cast

from .base import Count, Frozen, Instant, Rate
from .market import CountryCode
from .message import MESSAGE_CLASS, MessageKind

SlipNotice = Literal["drafted", "approved", "declined"]
"""Where the message to the people of a slip stands: nothing leaves before a person approves."""
REVIEW: MessageKind = "review_invitation"
SLIPPED = "lane_slip"
"""Reason of what waits while a person's parcel slips."""


class Slip(Frozen):
    """One slip of one lane."""

    id: str
    """Its id."""
    shop_id: str
    """Where."""
    origin: str
    """Country the parcels are packed in; empty where unknown."""
    market: CountryCode
    """Country they go to."""
    carrier: str
    """Who carries them; empty where unknown."""
    found_at: Instant
    """When it was found."""
    from_at: Instant
    """When the first of the late parcels set out."""
    n_judged: Count
    """Parcels that were judged then."""
    n_late: Count
    """Late ones among them."""
    usual_late_rate: Rate
    """Share that usually is late there."""
    p90_days: float
    """Days until 9 in 10 usually are there."""
    ended_at: Instant | None = None
    """When the lane had recovered; none while it slips."""
    notice: SlipNotice = "drafted"
    """Where the message stands."""
    decided_by: str = ""
    """Who approved or declined it."""
    decided_at: Instant | None = None
    """When."""

    @property
    def lane(self) -> tuple[str, str, str]:
        """Origin, market and carrier."""
        return self.origin, self.market, self.carrier


def is_spared_kind(kind: str) -> bool:
    """Say whether a kind of message waits while its person's parcel slips: promotions, and requests for a review."""
    return kind == REVIEW or MESSAGE_CLASS.get(cast(MessageKind, kind)) == "promotional"
