"""A step template: what a step says, when the playbook sends it to which cohort, and what it may carry."""

from typing import Annotated, Literal

from pydantic import Field

from memory.domain.base import Frozen, Slug
from memory.domain.cohort import CohortId
from memory.domain.market import Channel
from memory.domain.message import MESSAGE_CLASS, MessageClass, MessageKind
from memory.domain.plan import Bucket, Goods, PhaseId, Stage
from memory.domain.segment import SegmentRule

MORNING, EVENING = 10 * 60, 18 * 60
"""Local minutes of the day at which steps are handed off."""
FlowStep = Literal["order_confirmation", "shipping_notice", "usage_guide", "review_request", "second_incentive"]
"""The five steps every flow holds or waives with a reason (S1-14..S1-19)."""


class StepTemplate(Frozen):
    """One kind of step with the playbook's defaults."""

    id: Slug
    """Its name; also the message template."""
    version: int = 1
    """Its version."""
    title: dict[str, str]
    """What marketers call it (`en`, `zh`)."""
    words: tuple[str, ...] = ()
    """Other words for it in commands, lower case."""
    stage: Stage
    """Activate, engage or incentivise."""
    kind: MessageKind
    """What it says; sets the message class."""
    days: dict[CohortId, Annotated[int, Field(ge=0, le=90)]] = {}
    """The playbook's day per cohort it suits; a cohort that is not listed doesn't get it by default."""
    phases: tuple[PhaseId, ...]
    """Phases it may stand in."""
    months: tuple[int, ...] = ()
    """Calendar months it makes sense in; any where none is given."""
    channels: tuple[Channel, ...] = ("email",)
    """Channels that compete by default."""
    local_minute: int = MORNING
    """Minute of the recipient's local day."""
    trigger: Literal["dated", "delivered", "intent"] = "dated"
    """Whether the date or an event decides."""
    owner: Literal["us", "shop"] = "us"
    """Who sends it."""
    offers: tuple[str, ...] = ()
    """Offer kinds it may carry, the playbook's choice first."""
    needs_offer: bool = False
    """Whether it says nothing without an offer."""
    offer_days: int = 21
    """How long its offer holds."""
    audience: SegmentRule | None = None
    """Who of the cohort gets it when it is due."""
    audience_title: dict[str, str] = {}
    """The audience in words."""
    goods: Goods | None = None
    """The goods it shows; a price ceiling is filled in by currency."""
    price_ceiling_dollars: int | None = None
    """Ceiling of the goods in nominal dollars."""
    flow: FlowStep | None = None
    """The step of the five-step flow it counts as."""
    window_days: Annotated[int, Field(ge=0, le=90)] = 0
    """For how many days it waits for what it is about."""
    bucket: Bucket = "automation"
    """Which bucket pays for sending it."""
    why: tuple[str, ...]
    """Reason codes."""
    fallback_hours: int | None = None
    """After how many hours without a human reaction the app is tried; no second channel where none is given."""

    @property
    def message_class(self) -> MessageClass:
        """The class of its kind, set by code."""
        return MESSAGE_CLASS[self.kind]
