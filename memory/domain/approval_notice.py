"""What becomes of a waiting request: who was told, to whom it passed, and who read its texts; also who got the card."""

from typing import Literal

from .base import Count, Frozen, Instant, ShopId
from .market import CountryCode, Language

NoticeKind = Literal["waiting", "reading", "passed"]
"""It waits for a decision; its texts wait to be read; it passed to a deputy."""
ToldKind = NoticeKind | Literal["monday", "digest"]
"""What a notice may be about: a request, the week's card by the same bots, or what came of a pre-approved period."""
NoticeStatus = Literal["planned", "sending", "told", "failed", "unknown"]
"""`unknown` is one whose hand-off nobody can say the end of: it is not repeated."""


class ApprovalNotice(Frozen):
    """One message about one request, or about the card of one Monday, by one way; there is never a second one."""

    id: str
    """Its key: a hash of request, kind and way."""
    approval_id: str
    """About which request; `monday:SHOP:DAY` where it is about a card."""
    shop_id: ShopId
    """Whose."""
    kind: ToldKind
    """What it says."""
    way: str
    """`mail:PRINCIPAL` or `bot:NAME`."""
    status: NoticeStatus = "planned"
    """Where it stands."""
    n_tries: Count = 0
    """How often it was handed off."""
    next_at: Instant
    """When it is handed off next, or was last."""
    told_at: Instant | None = None
    """When it was taken."""
    reason: str = ""
    """Why it failed, without any secret."""


class PassedOn(Frozen):
    """A request that waited too long and passed to a deputy, who may decide about it since."""

    approval_id: str
    """Which request."""
    deputy: str
    """Who may decide now."""
    approver: str
    """In whose place."""
    passed_at: Instant
    """When."""
    period_id: str = ""
    """The pre-approved period it passed for, whose end ends the right; empty where the hours of a rule were over."""


class TextsRead(Frozen):
    """Somebody who reads a market's language has read exactly these texts."""

    shop_id: ShopId
    """Whose."""
    market: CountryCode
    """For which market."""
    texts_hash: str
    """Hash over the texts."""
    language: Language
    """Which language they read."""
    reader: str
    """Who read them."""
    read_at: Instant
    """When."""
    approval_id: str
    """In which request."""
