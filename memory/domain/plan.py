"""The plan: the dated 90-day proposal. Its id is the hash of its canonical JSON."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Field

from .base import Count, Frozen, MinorUnits, Rate, ShopId, Slug
from .brief import Brief, Goal, GoalMetric
from .canonical import content_hash
from .channels_before import refuse_pre_purchase
from .cohort import Cohort, CohortId
from .content import ContentItem
from .market import Channel, CountryCode, Language
from .message import MessageClass, MessageKind
from .money import Money
from .offer import Offer
from .segment import SegmentRule

Stage = Literal["activate", "engage", "incentivise"]
PhaseId = Literal["stabilise", "relevance", "lock_in", "review"]
PHASE_DAYS: dict[PhaseId, tuple[int, int]] = {
    "stabilise": (0, 13),  # weeks 1-2
    "relevance": (14, 41),  # weeks 3-6
    "lock_in": (42, 83),  # weeks 7-12
    "review": (84, 90),  # read-out, days 85-90
}
"""First and last day offset of each phase, counted from the anchor date as day 0."""
Bucket = Literal["loyalty_programme", "automation", "referral", "community_ugc"]
BUCKETS: tuple[Bucket, ...] = get_args(Bucket)
PlannedBucket = Annotated[Bucket, BeforeValidator(refuse_pre_purchase)]
"""A bucket of a plan: a channel before the purchase is refused by name (S1-01)."""
RetentionGoal = Literal["repeat", "clv", "loyalty", "referral"]
RETENTION_GOALS: dict[GoalMetric, RetentionGoal] = {
    "rpr": "repeat",
    "clv": "clv",
    "aov": "loyalty",
    "referral_rate": "referral",
}
"""Which goal each metric serves; larger baskets of people who bought before count as loyalty (S1-02, S1-04)."""


class Phase(Frozen):
    """One phase with its dates."""

    id: PhaseId
    """Which."""
    starts_on: date
    """First day."""
    ends_on: date
    """Last day."""


class Fallback(Frozen):
    """A second channel for those who did not react as people on the first."""

    channel: Channel
    """The second channel."""
    after_hours: Annotated[int, Field(ge=1, le=336)]
    """How long to wait for a human open, click or order."""


GoodsRuleId = Literal[
    "newest", "category_interest", "pairing", "well_reviewed", "complement", "replenish", "under_price", "restock",
    "bought", "price_drop", "back_in_stock", "upgrade", "refill",
]  # fmt: skip


class Goods(Frozen):
    """Which goods the copy of a step shows; picked per person when it is due."""

    rule: GoodsRuleId
    """How they are picked."""
    if_none: Literal["plain", "skip"] = "plain"
    """What becomes of a person for whom there are none: the mail goes without goods, or it does not go."""
    price_ceiling: Money | None = None
    """Only goods at or below this price."""
    link: Literal["home", "category", "last_viewed", "product", "app"] = "home"
    """Where the message leads."""


class Step(Frozen):
    """One dated message of a journey."""

    id: Slug
    """Unique within the plan."""
    stage: Stage
    """Activate, engage or incentivise."""
    phase: PhaseId
    """The phase its day falls in."""
    day: Annotated[int, Field(ge=0, le=90)]
    """Days after the anchor date."""
    due_on: date
    """The local day on which it is due."""
    kind: MessageKind
    """What it says."""
    message_class: MessageClass
    """The kind's class, set by code."""
    channels: tuple[Channel, ...] = Field(min_length=1)
    """Channels that compete for each person."""
    fallback: Fallback | None = None
    """What follows where nobody reacted."""
    local_minute: Annotated[int, Field(ge=0, le=1439)]
    """The minute of the recipient's local day at which it is to be handed off."""
    offer_id: Slug | None = None
    """The offer it carries."""
    audience: SegmentRule | None = None
    """Who of the cohort gets it, evaluated when it is due; all where none is given."""
    audience_title: str = ""
    """The audience in words."""
    goods: Goods | None = None
    """The goods it shows; none where its copy names none."""
    content: ContentItem | None = Field(default=None, exclude_if=lambda item: item is None)
    """The content item it speaks of, as it was when the plan was drafted; left out where it speaks of none."""
    template: str
    """The message template."""
    template_version: Annotated[int, Field(ge=1)]
    """Its version."""
    trigger: Literal["dated", "delivered", "intent"] = "dated"
    """Whether the date or an event decides when it is due."""
    window_days: Annotated[int, Field(ge=0, le=90)] = 0
    """For how many days after its date it waits for what it is about, such as a price that falls; once per person."""
    owner: Literal["us", "shop", "esp", "per_order"] = "us"
    """Who sends it; a step that is not the plan's own counts as present: `per_order` we send outside of plans."""
    why: tuple[str, ...] = ()
    """Reason codes that the chat and the workspace turn into words."""
    expected_reach: Count = 0
    """How many people it may reach."""
    expected_cost: Money
    """Expected cost of sends and incentives."""


class Journey(Frozen):
    """The ordered steps of one cohort."""

    id: Slug
    """Its name."""
    cohort: CohortId
    """Whose it is."""
    goal_metric: Literal["rpr", "clv", "aov", "referral_rate"] = "rpr"
    """What decides about it."""
    exit_on: tuple[Literal["order", "unsubscribe", "return"], ...] = ("unsubscribe",)
    """Events that end it for a person."""
    pause_promotions_after_order_days: Annotated[int, Field(ge=0, le=90)] = 7
    """How long promotional steps pause after an order."""
    steps: tuple[Step, ...] = Field(min_length=1)
    """In order of their days."""
    waived: dict[str, str] = {}
    """Steps of the five-step flow that are left out, and why."""


class BudgetLine(Frozen):
    """What one bucket gets."""

    bucket: PlannedBucket
    """Which of the four."""
    amount: Money
    """How much."""


class Budget(Frozen):
    """The plan's money over the four buckets."""

    total: Money
    """All of it; equals the sum of the lines."""
    lines: tuple[BudgetLine, ...] = Field(min_length=4, max_length=4)
    """Exactly the four buckets."""
    expected_cost: Money
    """Expected cost of all steps."""
    worst_case_cost: Money
    """Cost if everyone reached redeems everything."""
    present_share_rate: Rate | None = None
    """Post-purchase share of the marketing budget today; null where the ledger is empty."""
    share_rate: Rate | None = None
    """The share with this plan; null where the ledger is empty."""
    path_min_rate: Rate | None = None
    """Lower bound of the path step that the plan falls in."""
    path_max_rate: Rate | None = None
    """Upper bound of the path step that the plan falls in."""


class HoldoutPlan(Frozen):
    """Who is randomly withheld, and what can be seen with it."""

    experiment_id: Slug
    """The name the assignment is keyed by."""
    rate: Rate
    """Share of each cohort that is withheld."""
    decision_metric: Literal["incremental_rpr"] = "incremental_rpr"
    """What the control group is compared on."""
    detectable_lift_pp: float | None = None
    """Smallest lift in percentage points found with 80 % power; null where unknown."""


class Forecast(Frozen):
    """What the plan is expected to do, with its range; assumptions are labelled in `Plan.assumptions`."""

    incremental_orders: float
    """Expected added orders."""
    low: float
    """Lower end of a 90 % range."""
    high: float
    """Upper end of a 90 % range."""
    incremental_margin_minor: MinorUnits
    """Expected added margin before cost, in the shop's currency."""
    source: str
    """Where the effects come from, such as `assumption:playbook-priors-v1`, `measured:2 plans over ...`, or
    `learned:v12, 3 of 5 kinds over ...`."""


class PlannedEffect(Frozen):
    """The effect of one kind of message on one cohort, as far as measured plans moved it from the assumption."""

    cohort: CohortId
    """Whose journey."""
    kind: MessageKind
    """What it says."""
    mean: float
    """Added orders per message within 90 days."""
    sd: float
    """Its standard deviation."""


class PlannerRef(Frozen):
    """Who drafted the plan."""

    kind: Literal["playbook", "llm"]
    """By rule or by language model."""
    version: str
    """Version of the rules or prompt set."""
    llm: str = ""
    """The language model's name; empty for the playbook."""
    prompts: dict[str, str] = {}
    """Prompt name to hash."""


class Plan(Frozen):
    """A complete dated proposal."""

    format: Literal["second-order/plan@1"] = "second-order/plan@1"
    shop_id: ShopId
    """Whose it is."""
    title: str
    """What people call it."""
    brief: Brief
    """What was asked for."""
    goal: Goal
    """What it is measured by."""
    peak_from: date
    """First day of the peak."""
    peak_until: date
    """Last day of the peak."""
    anchor_on: date
    """Day 0."""
    ends_on: date
    """Day 90."""
    zone: str
    """The shop's IANA zone, for dates that are not a recipient's."""
    markets: tuple[CountryCode, ...]
    """Where its people live."""
    languages: tuple[Language, ...]
    """The languages of its copy."""
    phases: tuple[Phase, ...] = Field(min_length=4, max_length=4)
    """Stabilise, relevance, lock-in, review."""
    cohorts: tuple[Cohort, ...] = Field(min_length=4, max_length=4)
    """In order of precedence."""
    journeys: tuple[Journey, ...] = Field(min_length=1)
    """One per cohort."""
    offers: tuple[Offer, ...]
    """All offers its steps carry."""
    budget: Budget
    """The money."""
    holdout: HoldoutPlan
    """The control group."""
    forecast: Forecast
    """What it should do."""
    effects: tuple[PlannedEffect, ...] = Field(default=(), exclude_if=lambda effects: not effects)
    """Effects that measured plans moved; sending decides by them. Left out of the content where there are none."""
    guardrail_version: str
    """Hash of the guardrails it was checked against."""
    data_version: int
    """The facts it was drafted on."""
    planner: PlannerRef
    """Who drafted it."""
    assumptions: tuple[str, ...] = ()
    """Everything that is assumed rather than read from data, in words."""

    @property
    def stage(self) -> Literal["post_purchase"]:
        """Where it works: after a purchase, always (S1-02)."""
        return "post_purchase"

    @property
    def goals(self) -> tuple[RetentionGoal, ...]:
        """Which of repeat, clv, loyalty and referral it serves, at least one: by metric, and by buckets with money."""
        found = {RETENTION_GOALS[metric] for metric in (self.goal.metric, *(one.goal_metric for one in self.journeys))}
        funded = {line.bucket for line in self.budget.lines if line.amount.amount_minor > 0}
        found |= {"loyalty"} if "loyalty_programme" in funded else set()
        found |= {"referral"} if "referral" in funded else set()
        return tuple(goal for goal in get_args(RetentionGoal) if goal in found)

    @cached_property
    def id(self) -> str:
        """The hash of the plan's canonical JSON (64 hex digits); worked out once per value."""
        return content_hash(self)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Give a copy with `update` applied; its id is worked out anew."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("id", None)
        return copied

    def steps(self) -> tuple[Step, ...]:
        """Give the steps of all journeys."""
        return tuple(step for journey in self.journeys for step in journey.steps)

    def offer(self, offer_id: str) -> Offer | None:
        """Give the offer of that id, or none."""
        return next((offer for offer in self.offers if offer.id == offer_id), None)
