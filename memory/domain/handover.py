"""What the second checker looks at: the message as promised, the person, the plan and the shop as they are now."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, NamedTuple

from .approval import Approval, PlanStatus
from .base import Frozen
from .figures import ShopFigures
from .guardrails import Guardrails
from .market import Market
from .part_holdout import PartHoldout
from .plan import Plan


class Promise(NamedTuple):
    """A message as its outbox row states it."""

    send_key: str
    shop_id: str
    plan_id: str
    step_id: str
    person_id: str
    cohort: str
    channel: str
    message_kind: str
    message_class: str
    template: str
    offer_id: str
    language: str
    cost_millis: int
    certificate: str
    """The sealed certificate; empty where there is none."""


class Slot(NamedTuple):
    """A cap slot that a message holds."""

    send_key: str
    message_class: str
    at: datetime


class DeedsNow(NamedTuple):
    """What a person did in the shop, counted and not judged: what a state of intent rests on."""

    cart_at: datetime | None = None
    """When they last put something in a cart or went to the checkout; none where they never did."""
    ordered_at: datetime | None = None
    """Their last order that counts as a purchase; none where there is none."""
    looked: Mapping[str, int] = MappingProxyType({})
    """Per category how often they viewed it, put it in a cart, went to the checkout with it or clicked it in a mail."""
    bought: frozenset[str] = frozenset()
    """Categories they ever bought in."""


class PersonNow(NamedTuple):
    """One row of facts about the person, as of the instant of the check."""

    arm: Literal["treated", "control"] | None
    """The stricter arm over all records of the person; none where nobody assigned one."""
    is_erased: bool
    has_consent: bool
    """For the message's channel."""
    is_suppressed: bool
    """For the message's channel."""
    zones: tuple[str, ...]
    """Every zone the person may be in; empty where none is known."""
    last_order_at: datetime | None
    slots: tuple[Slot, ...]
    """Slots of the person and of whoever shares the address, all shops, plans and channels."""
    part_arms: Mapping[str, frozenset[str]] = MappingProxyType({})
    """Per experiment of a part holdout the arms of all records of the person; those without an arm are missing."""
    deeds: DeedsNow | None = None
    """What they did by the newest facts; none where nobody looked, which refuses what is for one state of intent."""


class TemplateNow(NamedTuple):
    """A step template that exists."""

    kind: str
    version: int


class PlanNow(Frozen):
    """A plan and everything it is held to, as of the instant of the check."""

    plan: Plan
    """The content."""
    status: PlanStatus
    """Where it stands."""
    approval: Approval | None
    """The approval that stands; none where there is none."""
    may_approve: bool
    """Whether whoever approved it still holds the role."""
    touched_by: tuple[str, ...]
    """Everyone who touched the content."""
    live_at: datetime | None
    """When it went live."""
    guardrails: Guardrails
    """The limits in force."""
    figures: ShopFigures | None
    """The shop's figures; none where nobody read them yet."""
    concurrent_minor: int
    """Money of the other plans whose 90 days overlap, approved or live, in the shop's currency."""
    remaining_millis: int
    """What the plan may still spend."""
    home_zone: str
    """The shop's zone, for people of whom no zone is known."""
    templates: dict[str, TemplateNow]
    """Templates by id."""
    parts: tuple[PartHoldout, ...] = ()
    """Journeys and steps from which treated people are withheld."""


class MarketNow(NamedTuple):
    """Where the person lives."""

    market: Market | None
    """The market's data; none where no file describes it."""
    holidays: frozenset[date]
    """Public holidays around the instant."""
