"""Consent, suppression and identity: who may be contacted, where, and which records are one person."""

import hashlib
from typing import Literal, get_args

from .base import Frozen, Instant
from .market import Channel

ConsentStatus = Literal["granted", "revoked", "never", "pending"]
"""`pending` waits for the second opt-in and permits nothing."""
ConsentPurpose = Literal["marketing", "service"]
ConsentMethod = Literal[
    "form", "checkout", "double_opt_in", "import", "one_click", "preference_page", "keyword", "existing_customer",
    "support", "assumed", "unknown",
]  # fmt: skip
SuppressionReason = Literal["unsubscribed", "hard_bounce", "complaint", "erasure", "manual", "imported"]
UnsubscribeReason = Literal["too_many", "not_relevant", "never_asked", "other"]
"""Why people say they leave."""
REASONS: tuple[UnsubscribeReason, ...] = get_args(UnsubscribeReason)
IdentifierKind = Literal["email", "phone", "customer_id", "device"]
ADDRESS: dict[Channel, str] = {"email": "email", "sms": "phone", "push": "push_token"}
"""The field of a contact that a channel writes to; a channel without addresses has none."""


class ConsentEvent(Frozen):
    """One statement of permission for a channel and purpose in one shop; the latest counts."""

    channel: Channel
    """The destination kind."""
    purpose: ConsentPurpose = "marketing"
    """What it permits."""
    status: ConsentStatus
    """Granted, revoked or never given."""
    at: Instant
    """When it was stated."""
    method: ConsentMethod
    """How it was stated; `assumed` marks a demonstration."""
    source: str
    """Which file, form or system says so."""
    wording_id: str = ""
    """Which text the person saw, such as `preferences/de@1`; empty where it is not known."""
    wording: str = ""
    """That text itself."""
    valid_until: Instant | None = None
    """When a permission lapses by itself; none where it stands until it is taken back."""
    send_key: str = ""
    """The message whose link was used, where there was one."""
    reason: str = ""
    """What the person gave as the reason, one of `REASONS`, or empty."""

    @property
    def wording_hash(self) -> str:
        """SHA-256 of the text, empty where no text is known."""
        return hashlib.sha256(self.wording.encode()).hexdigest() if self.wording else ""


class Identifier(Frozen):
    """One normalised identifier of a record. Personal data: store only."""

    kind: IdentifierKind
    """What it is."""
    value: str
    """Its normalised value."""


class Contact(Frozen):
    """The contact data of one subject in one shop. Personal data: store only, never lake, prompt or log."""

    subject_id: str
    """The pseudonym under which the lake knows the record."""
    email: str = ""
    """Normalised e-mail address or empty."""
    phone: str = ""
    """E.164 number or empty."""
    push_token: str = ""
    """The app's push token or empty."""
    first_name: str = ""
    """Given name or empty."""
    last_name: str = ""
    """Family name or empty."""
    country: str = ""
    """ISO country or empty."""
    language: str = ""
    """ISO language or empty for the market's."""
    zone: str = ""
    """IANA zone or empty for the market's."""

    def address(self, channel: Channel) -> str:
        """Give where a channel writes to; empty where nothing is known, or the channel has no addresses."""
        return str(getattr(self, ADDRESS[channel])) if channel in ADDRESS else ""
