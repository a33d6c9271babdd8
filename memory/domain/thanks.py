"""The thank-you page: what a shop shows after an order, to whom, and what its code and its recommendation are worth."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Count, Frozen, Instant, Rate
from .market import CountryCode
from .money import Money

Network = Literal[
    "wechat", "weibo", "xiaohongshu", "douyin", "tiktok", "instagram", "facebook", "youtube", "line", "pinterest", "x",
    "threads", "whatsapp", "telegram",
]  # fmt: skip
"""A social network a shop may have an account on."""
Part = Literal["goods", "code", "social", "share"]
"""What a block may hold."""
PARTS: tuple[Part, ...] = ("goods", "code", "social", "share")
ThanksRule = Literal["complement", "same_category", "bestseller"]
"""How an article of the block was chosen, from the closest to the most general."""
GoodsList = Literal["recommended", "bestsellers"]
"""Which goods a variant shows: what goes with the order, or what the shop sells most whatever was ordered."""
PLAIN = "plain"
"""The arm that is shown a page without a block."""
WITHHELD = "withheld"
"""Whom the shop withholds from everything: a plain page as well, and no part in the comparison."""
OFF = "off"
"""Who orders while the page is off: no block, and no part in the comparison."""
HttpsUrl = Annotated[str, Field(pattern=r"^https://[^\s\"'<>\\]{3,300}$")]


MAX_SKU = 200
"""A variant without an article number is called by its title and options."""
Sku = Annotated[str, Field(min_length=1, max_length=MAX_SKU, pattern=r"^[^\x00-\x1f]+$")]
"""An article as the catalogue and the shop's orders name it; it may hold spaces."""


class SocialChannel(Frozen):
    """One account of the shop."""

    network: Network
    """Where."""
    name: Annotated[str, Field(min_length=1, max_length=80)]
    """What the account is called there."""
    url: HttpsUrl
    """Its page."""


class OrderCode(Frozen):
    """A code that comes with an order: for its customer alone, once, on a later order, for a few hours."""

    hours: Annotated[int, Field(ge=1, le=24 * 30)]
    """How long it is valid."""
    off: Money
    """What it takes off."""
    min_spend: Money
    """The smallest basket it can be used on."""

    @model_validator(mode="after")
    def _is_less_than_the_basket(self) -> Self:
        if self.off.currency != self.min_spend.currency:
            raise ValueError("off and min_spend are in two currencies")
        if not 0 < self.off.amount_minor < self.min_spend.amount_minor:
            raise ValueError("off is to be above 0 and below min_spend")
        return self


class ShareReward(Frozen):
    """What the one who recommends gets once a friend's order is paid and past its return window: money or points."""

    amount: Money | None = None
    """Money."""
    points: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Points."""

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.amount is None) == (self.points is None):
            raise ValueError("give an amount or points, one of both")
        if self.amount is not None and self.amount.amount_minor <= 0:
            raise ValueError("an amount is above 0")
        return self


class PageVariant(Frozen):
    """One way the page may look; people are split evenly between variants."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
    """Its name."""
    parts: Annotated[tuple[Part, ...], Field(min_length=1)] = PARTS
    """What it shows."""
    goods: GoodsList = "recommended"
    """Which goods: the list of bestsellers is there to be measured against."""


class ThanksSettings(Frozen):
    """One shop's thank-you page."""

    is_on: bool = True
    """Whether orders get a block at all; one made while it is off never has one."""
    socials: dict[CountryCode, tuple[SocialChannel, ...]] = {}
    """Accounts per market; a market that is not listed gets none."""
    code: OrderCode | None = None
    """The code that comes with an order; none where it is not given."""
    share: dict[CountryCode, ShareReward] = {}
    """What a recommendation earns per market; a market that is not listed earns nothing."""
    return_days: Annotated[int, Field(ge=0, le=365)] = 30
    """How long a friend may send an order back; the reward comes after it."""
    plain_rate: Rate = 0.1
    """Share of people who see a plain page, so that the block's effect can be measured."""
    variants: Annotated[tuple[PageVariant, ...], Field(min_length=1, max_length=6)] = (PageVariant(id="full"),)
    """Ways the page may look."""
    measured_days: Annotated[int, Field(ge=1, le=365)] = 60
    """Within how many days of the page a second order counts."""

    @model_validator(mode="after")
    def _has_unique_variants(self) -> Self:
        if len({one.id for one in self.variants}) != len(self.variants):
            raise ValueError("two variants have one name")
        if {one.id for one in self.variants} & {PLAIN, WITHHELD, OFF}:
            raise ValueError(f"no variant may be called {PLAIN}, {WITHHELD} or {OFF}")
        return self

    def parts_of(self, arm: str) -> tuple[Part, ...]:
        """Give what an arm is shown; nothing on a plain page, in a shop that is off, and in a variant taken away."""
        found = [one.parts for one in self.variants if one.id == arm]
        return found[0] if found and self.is_on else ()

    def goods_of(self, arm: str) -> GoodsList:
        """Give which goods an arm is shown."""
        return next((one.goods for one in self.variants if one.id == arm), "recommended")


class ThanksOrder(Frozen):
    """One order with a thank-you page of its own."""

    order_ref: str
    """The shop's own order name."""
    person_id: str
    """Who ordered; empty where the order names nobody."""
    market: CountryCode
    """Where it is delivered."""
    skus: tuple[str, ...]
    """What was ordered."""
    arm: str
    """A variant, `plain`, `withheld` or `off`."""
    opened_at: Instant
    """When the page was made."""
    code: str | None = None
    """The order's code."""
    code_expires_at: Instant | None = None
    """Until when it is valid."""
    code_off: Money | None = None
    """What it takes off, as it was when it was given."""
    code_min_spend: Money | None = None
    """The smallest basket."""
    code_used_by: str | None = None
    """The order it was used on."""
    code_refused: str | None = None
    """Why it has no code though the settings name one: the guardrail that forbade it when the page was made."""
    share_code: str | None = None
    """What tells a friend's order whose recommendation it follows."""


class ThanksGoods(Frozen):
    """One article of a block."""

    sku: str
    """The article."""
    title: str
    """Its name; untrusted text."""
    url: str
    """Its page."""
    image_url: str
    """Its picture; empty for none."""
    price: Money
    """What it costs now."""
    rule: ThanksRule
    """Which rule chose it."""
    n_together: Count = 0
    """For a complement: how many orders hold both."""


CodeRefusal = Literal["unknown_code", "other_customer", "same_order", "expired", "used"]
"""Why a code is not accepted."""


class CodeAnswer(Frozen):
    """Whether a code may be used on an order."""

    is_valid: bool
    """Whether it may."""
    reason: CodeRefusal | None = None
    """Why not."""
    off: Money | None = None
    """What it takes off, where it may."""
    min_spend: Money | None = None
    """From which basket on."""
    is_redeemed: bool = False
    """Whether it is used up by this order now."""


Target = Annotated[str, Field(pattern=rf"^(social:[a-z]{{1,20}}|goods:[^\x00-\x1f]{{1,{MAX_SKU}}}|share|code)$")]
"""What of a block was clicked."""
