"""A shop's loyalty programme: how points are earned and spent, which tiers there are, and what each tier may have."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Count, Frozen, Instant, MinorUnits, Rate, Slug
from .money import Currency, Money

RewardKind = Literal["gift", "coupon", "cash_off"]
"""What points can be spent on."""
TierBasis = Literal["spend", "orders", "either"]
"""What lifts a member: what they spent, how often they bought, or whichever reaches further."""
FULL_PERCENT = 100
"""The usual points."""


class EarnRate(Frozen):
    """Points per unit of spend in one currency."""

    currency: Currency
    """Orders in this currency earn by it; one in a currency without a rate earns nothing."""
    points: Annotated[int, Field(ge=1, le=10_000)]
    """How many points."""
    per_minor: Annotated[int, Field(ge=1, le=10**9)]
    """For so much spent, in minor units: 100 in euros is one euro. Begun units earn their part, rounded down."""


class Reward(Frozen):
    """Something points can be redeemed for."""

    id: Slug
    """Its name within the programme."""
    kind: RewardKind
    """A gift, a coupon, or money off an order."""
    points: Annotated[int, Field(ge=1, le=10_000_000)]
    """What it costs the member."""
    worth: Money
    """What it is worth to the member, and at most costs the shop."""
    sku: str | None = None
    """The article of a gift."""


class BirthdayGift(Frozen):
    """Something for the birthday, once a year."""

    kind: Literal["birthday_gift"] = "birthday_gift"
    gives: Literal["points", "gift", "discount"] = "points"
    """Points or a gift by default; a discount only below the ceiling of the most loyal."""
    points: Count = 0
    """How many points, where it gives points."""
    sku: str | None = None
    """The article, where it gives a gift."""
    rate: Rate = 0.0
    """The share off, where it gives a discount."""
    cost: Money
    """What one costs the shop."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        filled = {"points": self.points > 0, "gift": bool(self.sku), "discount": self.rate > 0}
        if not filled[self.gives] or sum(filled.values()) != 1:
            raise ValueError(f"a birthday gift of {self.gives} states its {self.gives} and nothing else")
        return self


class DedicatedService(Frozen):
    """Somebody who answers members of the tier first."""

    kind: Literal["dedicated_service"] = "dedicated_service"
    contact: Annotated[str, Field(min_length=1, max_length=200)]
    """Where they write or call."""
    cost: Money
    """What it costs the shop per member and year."""


class NewProductTrial(Frozen):
    """New goods to try before they are sold."""

    kind: Literal["new_product_trial"] = "new_product_trial"
    per_year: Annotated[int, Field(ge=1, le=52)]
    """How many a year."""
    cost: Money
    """What one costs the shop."""


class PointsMultiplier(Frozen):
    """More points for the same spend."""

    kind: Literal["points_multiplier"] = "points_multiplier"
    percent: Annotated[int, Field(gt=FULL_PERCENT, le=1_000)]
    """Of the usual points: 150 is one and a half times."""
    cost: Money
    """What the additional points of one usual order cost the shop."""


class EarlyPurchase(Frozen):
    """Buying new goods before everybody else."""

    kind: Literal["early_access"] = "early_access"
    hours: Annotated[int, Field(ge=1, le=336)]
    """How much earlier."""
    cost: Money
    """What it costs the shop per member and year; mostly nothing."""


Privilege = Annotated[
    BirthdayGift | DedicatedService | NewProductTrial | PointsMultiplier | EarlyPurchase, Field(discriminator="kind")
]
"""What a tier may have; each kind is a type of its own and states its cost."""


class Tier(Frozen):
    """One level of membership."""

    id: Slug
    """Its name: bronze, silver, gold, diamond."""
    min_spend_minor: Annotated[int, Field(ge=0, le=2**52)]
    """Spent from here on, in minor units of the shop's currency, goods after discounts and refunds."""
    min_orders: Count
    """Or bought so often."""
    privileges: tuple[Privilege, ...] = ()
    """What its members have: exactly these, whatever lower tiers have."""

    @property
    def percent(self) -> int:
        """How many points its members earn, in percent of the usual."""
        found = [one.percent for one in self.privileges if isinstance(one, PointsMultiplier)]
        return found[0] if found else FULL_PERCENT


class TierRule(Frozen):
    """Who is in which tier."""

    basis: TierBasis = "either"
    """What counts."""
    window_days: Annotated[int, Field(ge=1, le=3_660)] | None = None
    """Orders of so many days count; all of them where none is given."""
    tiers: tuple[Tier, ...] = Field(min_length=1, max_length=10)
    """From the lowest on; the lowest is every member's and asks for nothing."""

    @model_validator(mode="after")
    def _rises(self) -> Self:
        first = self.tiers[0]
        if first.min_spend_minor or first.min_orders:
            raise ValueError("the lowest tier is every member's: it asks for no spend and no orders")
        for lower, higher in zip(self.tiers, self.tiers[1:], strict=False):
            if higher.min_spend_minor <= lower.min_spend_minor or higher.min_orders <= lower.min_orders:
                raise ValueError(f"tier {higher.id} asks for no more than {lower.id}")
        if len({tier.id for tier in self.tiers}) < len(self.tiers):
            raise ValueError("two tiers have one name")
        for tier in self.tiers:
            if len({one.kind for one in tier.privileges}) < len(tier.privileges):
                raise ValueError(f"tier {tier.id} has a privilege twice")
        return self


class LoyaltyProgramme(Frozen):
    """What members earn, may have and may spend, from one day on."""

    starts_on: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
    """First day, in the shop's zone; orders before it earn by the programme that was in force then, or nothing."""
    earn: tuple[EarnRate, ...] = Field(min_length=1)
    """Points per unit of spend, one rate per currency."""
    valid_days: Annotated[int, Field(ge=1, le=3_660)] = 365
    """Points expire so many days after they were earned, the oldest first."""
    warn_days: Annotated[int, Field(ge=1, le=365)] = 30
    """Members can be told of points that expire within so many days."""
    tier_rule: TierRule
    """Who is in which tier, and what each may have."""
    rewards: tuple[Reward, ...] = ()
    """What points can be redeemed for."""
    rewards_per_order: Annotated[int, Field(ge=1, le=20)] = 1
    """How many rewards the shop's checkout lets one order use; plans count so many in their worst orders."""
    pays_deeds: bool = False
    """Whether points that plans promise for missions and for reviews with a photo come into the ledger by themselves,
    from this programme's first day on; else the shop pays them."""
    point_cost_millis: Annotated[int, Field(ge=0, le=10**9)]
    """What one redeemed point costs the shop, in thousandths of a minor unit of its currency."""
    breakage_rate: Rate = 0.0
    """Share of outstanding points that will never be redeemed: an assumption, labelled as one wherever it is used."""

    @model_validator(mode="after")
    def _is_clear(self) -> Self:
        if len({rate.currency for rate in self.earn}) < len(self.earn):
            raise ValueError("two rates are for one currency")
        if len({one.id for one in self.rewards}) < len(self.rewards):
            raise ValueError("two rewards have one name")
        if any(cost.amount_minor < 0 for cost in self.costs()):
            raise ValueError("no cost is below zero")
        return self

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The tiers, from the lowest on."""
        return self.tier_rule.tiers

    def currencies(self) -> set[str]:
        """Give the currencies of what the programme costs: all have to be the shop's."""
        return {cost.currency for cost in self.costs()}

    def costs(self) -> tuple[Money, ...]:
        """Give everything the programme says something costs or is worth."""
        privileges = tuple(one.cost for tier in self.tiers for one in tier.privileges)
        return (*(one.worth for one in self.rewards), *privileges)


class ProgrammeVersion(Frozen):
    """A programme and who set it."""

    programme: LoyaltyProgramme
    """The programme."""
    set_by: str
    """Who set it."""
    set_at: Instant
    """When."""


class Redemption(Frozen):
    """Points a member spent."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")]
    """The request's own id: the same one again spends nothing more."""
    person_id: str
    """The member's pseudonym."""
    reward_id: str
    """For what."""
    kind: RewardKind
    """What that was."""
    points: Annotated[int, Field(ge=1)]
    """How many."""
    worth_minor: MinorUnits
    """What it was worth, in the shop's currency."""
    redeemed_at: Instant
    """When."""
    by: str
    """On whose word."""
