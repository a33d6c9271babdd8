"""What people choose for themselves (topics, fewer messages, a pause, a channel), and what a risk does to caps."""

from math import floor
from typing import Literal, get_args

from .base import Frozen, Instant, Rate
from .market import Channel
from .message import MessageKind

Frequency = Literal["all", "fewer"]
"""How much a person wants to get."""
Topic = Literal["care", "picks", "offers", "membership", "feedback"]
"""What a person may switch off."""
TOPICS: tuple[Topic, ...] = get_args(Topic)
TOPIC_KINDS: dict[Topic, tuple[MessageKind, ...]] = {
    "care": ("thank_you", "onboarding", "product_knowledge", "care_guide", "styling_inspiration", "delivery_check"),
    "picks": (
        "newest_goods", "category_series", "replenishment_reminder", "cross_sell", "price_drop", "back_in_stock",
    ),
    "offers": (
        "early_access", "points_multiple", "store_credit", "free_shipping", "gift_with_purchase", "january_mission",
        "seasonal_reactivation", "discount_offer",
    ),
    "membership": (
        "member_invitation", "loyalty_status", "app_nudge", "referral_invitation", "community_invitation",
        "library_content",
    ),
    "feedback": ("review_invitation", "next_plan_survey"),
}  # fmt: skip
"""Every kind but receipts and the shop's own pages belongs to one topic."""
PAUSE_DAYS: tuple[int, ...] = (7, 14, 30, 90)
"""Pauses the preference centre offers."""
RiskBand = Literal["low", "medium", "high"]
"""How likely a further message loses the person."""
FEWER_RATE: Rate = 0.5
"""What `fewer` leaves of every cap."""
RISK_RATES: dict[RiskBand, Rate] = {"low": 1.0, "medium": 0.75, "high": 0.5}
"""What a band leaves of every cap (S2-64)."""


class Preference(Frozen):
    """What one person chose in one shop; nothing chosen means everything they agreed to."""

    frequency: Frequency = "all"
    """`fewer` halves every cap."""
    paused_until: Instant | None = None
    """No marketing before this instant."""
    topics_off: tuple[Topic, ...] = ()
    """Topics they do not want."""
    channel: Channel | None = None
    """Where they would rather be written to, among the channels they agreed to; none where they did not say."""


def topic_of(kind: str) -> Topic | None:
    """Give a message kind's topic; none for receipts and pages, which nobody can switch off."""
    return next((topic for topic, kinds in TOPIC_KINDS.items() if kind in kinds), None)


def cap_rate(frequency: Frequency, band: RiskBand) -> Rate:
    """Give what is left of every cap: the smaller of the person's wish and the band's rate."""
    return min(FEWER_RATE if frequency == "fewer" else 1.0, RISK_RATES[band])


def lowered(max_messages: int, rate: Rate) -> int:
    """Give a lowered cap: rounded down, at least one message where the cap allows any."""
    return min(max_messages, max(1, floor(max_messages * rate)))
