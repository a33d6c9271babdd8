"""Mails about one order or parcel, sent per order and not by a plan: who sends which, and what a shop set for them."""

from typing import Annotated, Literal

from pydantic import Field

from .base import Count, Frozen, Instant, Rate
from .market import CountryCode
from .message import SendState

OwnedStep = Literal["order_confirmation", "shipping_notice"]
"""Transactional steps of the five-step flow that somebody owns."""
OWNED_STEPS: tuple[OwnedStep, ...] = ("order_confirmation", "shipping_notice")
StepOwner = Literal["shop", "esp", "us"]
"""Who sends a step: the shop's own system, a mail tool, or us. What another one owns we never send."""
OrderMailKind = Literal["order_confirmation", "shipping_notice", "parcel_delay"]
"""What a mail about an order says; the delay of a parcel is drafted and waits for a person."""
OrderMailState = Literal["drafted", SendState]
"""Where it stands: as messages of plans do, and `drafted` while a person has not decided."""
Host = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}\.)+[a-z]{2,24}$")]
Days = Annotated[int, Field(ge=0, le=60)]


class OrderMailSettings(Frozen):
    """Who sends the transactional steps of a shop, and what our mails rest on."""

    order_confirmation: StepOwner = "shop"
    """Who sends the order confirmation."""
    shipping_notice: StepOwner = "shop"
    """Who sends the shipping notice."""
    handling_days: dict[CountryCode, Days] = {}
    """Calendar days from order to carrier by market; where none are given, earlier shipments say."""
    notice_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 15
    """So long after it was heard of, a shipping notice goes at the latest; until then it waits for its number."""
    tracking_hosts: Annotated[tuple[Host, ...], Field(max_length=50)] = ()
    """Carriers' hosts that the mail's button may lead to; elsewhere it leads to the shop."""
    first_touch_days: Annotated[int, Field(ge=1, le=90)] = 14
    """Within so many days after an order a first touch that is not transactional is decided, or a reason why not."""

    def owner(self, step: OwnedStep) -> StepOwner:
        """Give who sends a step."""
        return self.order_confirmation if step == "order_confirmation" else self.shipping_notice


class OrderMailStanding(Frozen):
    """The settings with who set them, and since when steps are ours."""

    settings: OrderMailSettings
    """What is set."""
    set_by: str
    """Who set it last."""
    set_at: Instant
    """When."""
    since: dict[OwnedStep, Instant] = {}
    """Since when each step that is ours is ours: orders and parcels of before get nothing."""


class OrderMailCount(Frozen):
    """How many mails of a kind stand where, and why."""

    kind: OrderMailKind
    """What they say."""
    state: OrderMailState
    """Where they stand."""
    reason: str
    """Why; empty where nothing kept them."""
    n_mails: Count
    """How many."""


class NoticeTimes(Frozen):
    """How soon shipping notices left after their fulfilment was heard of."""

    n_sent: Count
    """Notices that left in the last 30 days."""
    n_in_time: Count
    """Those that left within the minutes that are set."""
    in_time_rate: Rate | None
    """Their share; none where none left."""
