"""Offers in four parts: goal, incentive, benefit and limits; with their cost and worst-case margin."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from .base import Count, Frozen, Rate, Slug
from .cohort import CohortId
from .money import Money


class OfferGoal(Frozen):
    """What the person should do, and within how many days."""

    action: Literal[
        "second_order", "next_order", "review", "join_membership", "refer_friend", "open_app", "complete_mission"
    ]
    """The wanted action."""
    within_days: Annotated[int, Field(ge=1, le=365)]
    """Days after the offer was received."""


class StoreCredit(Frozen):
    """Credit for a later order."""

    kind: Literal["store_credit"] = "store_credit"
    amount: Money
    """How much."""
    redeemable_from: date | None = None
    """First day of redemption; at once where none is given."""


class FreeExpeditedShipping(Frozen):
    """The faster shipping at no charge."""

    kind: Literal["free_expedited_shipping"] = "free_expedited_shipping"
    cost: Money
    """What the faster shipping costs the shop per order."""


class PointsMultiple(Frozen):
    """A multiple of the usual points."""

    kind: Literal["points_multiple"] = "points_multiple"
    factor: Annotated[int, Field(ge=2, le=10)]
    """How many times the usual points."""
    point_cost: Money
    """What one usual order's points cost the shop."""


class GiftWithPurchase(Frozen):
    """A gift from a minimum basket on."""

    kind: Literal["gift_with_purchase"] = "gift_with_purchase"
    sku: str
    """The gift."""
    cost: Money
    """What the gift costs the shop."""
    price: Money | None = None
    """What the gift sells for: the worth its reader is told."""


class MissionTask(Frozen):
    """One task of a mission; each counts once, in any order."""

    action: Literal["open_app", "view_new", "purchase"]
    """What has to be done."""
    min_spend: Money | None = None
    """For a purchase: the smallest basket that counts."""


class BonusPoints(Frozen):
    """Points for an action, or for a mission of several."""

    kind: Literal["bonus_points"] = "bonus_points"
    points: Count
    """How many points."""
    cost: Money
    """What they cost the shop when redeemed."""
    tasks: tuple[MissionTask, ...] = ()
    """The tasks that earn them, all of them once; none where the goal's action alone earns them."""


class ReferralReward(Frozen):
    """A reward for both sides once the friend's order is paid and past its return window."""

    kind: Literal["referral_reward"] = "referral_reward"
    referrer: Money
    """For the one who recommends."""
    friend: Money
    """For the friend."""
    friend_min_spend: Money
    """What the friend has to spend."""


class EarlyAccess(Frozen):
    """Buying before others; costs no margin."""

    kind: Literal["early_access"] = "early_access"
    hours: Annotated[int, Field(ge=1, le=336)]
    """How much earlier."""


class Discount(Frozen):
    """A share off the price: the last choice."""

    kind: Literal["discount"] = "discount"
    rate: Rate
    """The share off."""


Incentive = Annotated[
    StoreCredit
    | FreeExpeditedShipping
    | PointsMultiple
    | GiftWithPurchase
    | BonusPoints
    | ReferralReward
    | EarlyAccess
    | Discount,
    Field(discriminator="kind"),
]
"""The cost-bearing part, listed from the easiest to control to the last choice."""


class OfferLimits(Frozen):
    """Who, from which basket, how long, and how its effect is measured."""

    cohorts: tuple[CohortId, ...] = Field(min_length=1)
    """Who may use it."""
    min_spend: Money
    """The smallest basket."""
    valid_from: date
    """First day."""
    valid_until: date
    """Last day."""
    categories: tuple[str, ...] = ()
    """Only for these categories; all where none is given."""
    uses_per_person: Annotated[int, Field(ge=1, le=10)] = 1
    """How often one person may use it."""
    max_granted: Count | None = None
    """At most this many are granted over all people, so that the budget holds; as many as are reached where none."""
    measured_by: Literal["incremental_rpr", "aov_lift", "incremental_margin"]
    """The decision metric, read against the holdout."""


class Offer(Frozen):
    """A complete offer."""

    id: Slug
    """Its name within the plan."""
    goal: OfferGoal
    """What it is for."""
    incentive: Incentive
    """What it costs."""
    benefit: dict[str, str]
    """What the person reads per language; figures only as tokens such as `{amount}`, filled by code."""
    limits: OfferLimits
    """Who, when, how often, how measured."""
    cost_per_use: Money
    """Expected cost of one redemption."""
    redemption_rate: Rate
    """Assumed share of receivers who redeem."""
    worst_margin_rate: float
    """Margin over price of the worst order it can be used on, with everything redeemable together."""
    price_ratio: Rate
    """Smallest price paid over list price under this offer."""
    discount_rate: Rate
    """The offer's worth as a share of the smallest basket; 0 where it takes nothing off."""
    gives_code: bool = Field(default=False, exclude_if=lambda gives: not gives)
    """Whether each person gets a code of their own; left out of the content where people hold it by its terms."""


OutsideSource = Literal["plan", "thank_you_page", "loyalty_programme"]
"""Where an offer that is not the plan's own comes from: another live plan, the page after an order, membership."""


class OutsideOffer(Frozen):
    """What people may hold from outside a plan and redeem on the same order as its offers."""

    source: OutsideSource
    """Where they have it from."""
    name: str
    """What it is called there."""
    incentive: Incentive
    """What it takes off or costs."""
    limits: OfferLimits
    """Who may hold it, from which basket and when."""
