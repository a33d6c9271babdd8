"""Consent, suppression and identity: who may be contacted, where, and which records are one person."""

from typing import Literal

from .base import Frozen, Instant
from .market import Channel

ConsentStatus = Literal["granted", "revoked", "never"]
ConsentPurpose = Literal["marketing", "service"]
ConsentMethod = Literal[
    "form",
    "checkout",
    "double_opt_in",
    "import",
    "one_click",
    "preference_page",
    "keyword",
    "support",
    "assumed",
    "unknown",
]
SuppressionReason = Literal["unsubscribed", "hard_bounce", "complaint", "erasure", "manual", "imported"]
IdentifierKind = Literal["email", "phone", "customer_id", "device"]


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
