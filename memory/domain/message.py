"""Message kinds and their class: set by the template in code, never by model text."""

from typing import Literal, get_args

from .base import Frozen, Instant
from .market import Channel

MessageClass = Literal["on_page", "transactional", "service", "promotional"]
MessageKind = Literal[
    "order_confirmation", "shipping_notice",
    "thank_you", "onboarding", "product_knowledge", "care_guide", "styling_inspiration", "review_invitation",
    "member_invitation", "delivery_check", "app_nudge", "loyalty_status", "next_plan_survey",
    "newest_goods", "category_series", "replenishment_reminder", "cross_sell", "early_access", "points_multiple",
    "store_credit", "free_shipping", "gift_with_purchase", "january_mission", "referral_invitation",
    "seasonal_reactivation", "discount_offer", "price_drop", "back_in_stock", "thank_you_page",
]  # fmt: skip
MESSAGE_KINDS: tuple[MessageKind, ...] = get_args(MessageKind)

MESSAGE_CLASS: dict[MessageKind, MessageClass] = {
    "order_confirmation": "transactional",
    "shipping_notice": "transactional",
    "thank_you": "service",
    "onboarding": "service",
    "product_knowledge": "service",
    "care_guide": "service",
    "styling_inspiration": "service",
    "review_invitation": "service",
    "member_invitation": "service",
    "delivery_check": "service",
    "app_nudge": "service",
    "loyalty_status": "service",
    "next_plan_survey": "service",
    "newest_goods": "promotional",
    "category_series": "promotional",
    "replenishment_reminder": "promotional",
    "cross_sell": "promotional",
    "early_access": "promotional",
    "points_multiple": "promotional",
    "store_credit": "promotional",
    "free_shipping": "promotional",
    "gift_with_purchase": "promotional",
    "january_mission": "promotional",
    "referral_invitation": "promotional",
    "seasonal_reactivation": "promotional",
    "discount_offer": "promotional",
    "price_drop": "promotional",
    "back_in_stock": "promotional",
    "thank_you_page": "on_page",
}
"""One class per kind."""

SendState = Literal["planned", "claimed", "sent", "suppressed", "failed", "unknown"]
"""Where a message stands; the last four are final."""
ProviderKind = Literal["keyed", "queryable", "blind"]
"""Whether a provider deduplicates by key, can be asked, or cannot say what happened."""


class Rendered(Frozen):
    """One message ready for a channel. Holds personal data: never recorded, logged or shown to a model."""

    send_key: str
    """The unique key of this send; also the provider's idempotency key."""
    channel: Channel
    """Where it goes."""
    message_class: MessageClass
    """Its class."""
    to: str
    """The normalised address, number or token."""
    subject: str = ""
    """Subject line; empty where the channel has none."""
    text: str
    """Plain text."""
    html: str = ""
    """HTML part; empty where the channel has none."""
    sender: str = ""
    """From address."""
    language: str = "en"
    """Its language."""
    unsubscribe_url: str = ""
    """One-click unsubscribe address; empty for transactional messages."""
    list_id: str = ""
    """List-Id header value."""


class Accepted(Frozen):
    """The provider took the message."""

    kind: Literal["accepted"] = "accepted"
    receipt: str
    """The provider's id."""
    at: Instant
    """When."""


class Refused(Frozen):
    """The provider certainly did not take the message."""

    kind: Literal["refused"] = "refused"
    reason: str
    """Why."""
    is_retryable: bool
    """Whether trying again can help."""


class Ambiguous(Frozen):
    """Nobody can say whether the provider took the message; it is never re-sent by itself."""

    kind: Literal["ambiguous"] = "ambiguous"
    reason: str
    """What happened."""


HandOff = Accepted | Refused | Ambiguous
"""What a channel answers."""
