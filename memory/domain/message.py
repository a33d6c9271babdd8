"""Message kinds and their class: set by the template in code, never by model text."""

from typing import Literal, get_args

from pydantic import Field

from .base import Count, Frozen, Instant
from .canonical import content_hash
from .market import Channel

MessageClass = Literal["on_page", "transactional", "service", "promotional"]
MessageKind = Literal[
    "order_confirmation", "shipping_notice",
    "thank_you", "onboarding", "product_knowledge", "care_guide", "styling_inspiration", "review_invitation",
    "member_invitation", "delivery_check", "app_nudge", "loyalty_status", "next_plan_survey",
    "newest_goods", "category_series", "replenishment_reminder", "cross_sell", "early_access", "points_multiple",
    "store_credit", "free_shipping", "gift_with_purchase", "january_mission", "referral_invitation",
    "seasonal_reactivation", "discount_offer", "price_drop", "back_in_stock", "thank_you_page",
    "community_invitation", "library_content",
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
    "community_invitation": "promotional",
    "library_content": "service",
}
"""One class per kind."""

Touch = Literal["humane_thank_you", "shareable_member_activity", "gentle_reminder", "participatory_experience"]
"""The four gentle touches: thanks from a person, something members like to show, a reminder, taking part (S1-65)."""
TOUCHES: tuple[Touch, ...] = get_args(Touch)
TOUCH_OF: dict[MessageKind, Touch] = {
    "thank_you": "humane_thank_you",
    "delivery_check": "humane_thank_you",
    "member_invitation": "shareable_member_activity",
    "loyalty_status": "shareable_member_activity",
    "replenishment_reminder": "gentle_reminder",
    "care_guide": "gentle_reminder",
    "review_invitation": "participatory_experience",
    "next_plan_survey": "participatory_experience",
    "styling_inspiration": "participatory_experience",
    "library_content": "shareable_member_activity",
}
"""Which kinds are gentle touches; they never press anybody to buy."""

SECOND_INCENTIVES: tuple[MessageKind, ...] = (
    "store_credit", "points_multiple", "free_shipping", "gift_with_purchase", "discount_offer",
)  # fmt: skip
"""Kinds that win a second order; they go to nobody who placed one since the anchor day (S1-18)."""

SendState = Literal["planned", "claimed", "sent", "suppressed", "failed", "unknown"]
"""Where a message stands; the last four are final."""
ProviderKind = Literal["keyed", "queryable", "blind"]
"""Whether a provider deduplicates by key, can be asked, or cannot say what happened."""


class Rendered(Frozen):
    """One message ready for a channel. Holds personal data: never recorded, logged or shown to a model."""

    send_key: str
    """The unique key of this send."""
    shop_id: str = ""
    """Whose it is: allow-lists and status callbacks are per shop."""
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
    link: str = ""
    """Where it leads; what an app opens when a push is tapped."""
    link_ios: str = Field(default="", exclude_if=lambda link: not link)
    """What an iPhone opens instead; empty where it opens `link`."""
    link_android: str = Field(default="", exclude_if=lambda link: not link)
    """What Android opens instead; empty where it opens `link`."""

    @property
    def body_hash(self) -> str:
        """The hash of everything the receiver gets, the address included."""
        return content_hash(self.model_dump(exclude={"send_key"}))

    @property
    def idempotency_key(self) -> str:
        """The key for the provider, of step, recipient and content: another content never travels under it."""
        return content_hash([self.send_key, self.body_hash])[:40]


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
    after_seconds: Count | None = None
    """How long the provider asks us to wait, already bounded; none where it does not say."""
    is_outage: bool = False
    """Whether the provider or our account is in trouble, not this message; enough of them open the circuit."""
    ends_address: Literal["hard_bounce", "unsubscribed"] | None = None
    """Why the address must not be used again; none where it may."""


class Ambiguous(Frozen):
    """Nobody can say whether the provider took the message; it is never re-sent by itself."""

    kind: Literal["ambiguous"] = "ambiguous"
    reason: str
    """What happened."""


HandOff = Accepted | Refused | Ambiguous
"""What a channel answers."""
