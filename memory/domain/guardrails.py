"""Guardrails: the limits marketers set. Versioned by hash; no agent may edit them."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field

from .base import Count, Frozen, Rate
from .canonical import content_hash
from .cohort import CohortId
from .market import Channel, Language, LegalHours
from .message import MessageClass
from .money import Money
from .release import ReleaseRule

LATER_FIELDS = frozenset({"release", "new_goods"})
"""Fields added after the first release; unset ones are no part of the version."""


class PathStep(Frozen):
    """What the post-purchase share must be from a day on."""

    from_on: date
    """First day of the step."""
    min_rate: Rate
    """Smallest share."""
    max_rate: Rate
    """Largest share."""


class BudgetShare(Frozen):
    """The post-purchase share of the whole marketing budget: a band reached on a dated path of small steps."""

    band_min_rate: Rate = 0.20
    """Lower end of the target band."""
    band_max_rate: Rate = 0.30
    """Upper end of the target band."""
    path: tuple[PathStep, ...] = ()
    """Dated steps towards the band; where none is given they are drawn from today's share."""
    max_step_rate: Rate = 0.05
    """Largest change of the share from one step to the next."""
    step_days: Annotated[int, Field(ge=7, le=365)] = 90
    """How long one step lasts where the path is drawn."""
    period_budget: Money | None = None
    """The whole marketing budget of a period of 90 days; read from the spend ledger where none is given."""


class FrequencyCap(Frozen):
    """At most n messages of a class per person in a rolling window, over all plans and channels."""

    message_class: MessageClass
    """The class it counts."""
    max_messages: Annotated[int, Field(ge=0, le=1000)]
    """How many."""
    window_days: Annotated[int, Field(ge=1, le=365)]
    """In how many days, rolling."""


class QuietHours(Frozen):
    """Local hours in which nothing but transactional messages is handed off, beside the market's legal hours."""

    opens_minute: Annotated[int, Field(ge=0, le=1440)] = 9 * 60
    """First allowed minute of the local day."""
    closes_minute: Annotated[int, Field(ge=0, le=1440)] = 20 * 60
    """First minute that is not allowed any more."""


class NewGoods(Frozen):
    """Who may hear of new articles."""

    min_affinity_rate: Rate = 0.0
    """Smallest share of a person's looks and purchases of 60 days in a new article's category; above 0 in any case."""
    all_until: date | None = None
    """Until which day everybody may hear of new articles, as whoever sets the guardrails approves; never if none."""

    def allows_all(self, on: date) -> bool:
        """Say whether new articles may be told of to everybody on a day."""
        return self.all_until is not None and on <= self.all_until


class Guardrails(Frozen):
    """All limits of one shop."""

    budget_share: BudgetShare = BudgetShare()
    """Share of the marketing budget."""
    plan_budget: Money
    """The most one plan may cost in the worst case that `worst_case_rate` of receivers redeem."""
    worst_case_rate: Rate = 1.0
    """Share of receivers assumed to redeem in the worst case."""
    min_price_ratio: Rate = 0.75
    """Smallest price paid over list price, everything redeemable together counted."""
    min_margin_rate: float = Field(default=0.15, ge=-1.0, le=1.0)
    """Smallest margin over price of the worst order; the stricter of price and margin floor wins."""
    discount_ceiling: dict[CohortId, Rate] = {
        "vip": 0.05,
        "reactivated": 0.10,
        "discount_sensitive": 0.15,
        "first_time": 0.10,
    }
    """Largest discount rate of an offer per cohort; a cohort that is not listed gets none."""
    frequency_caps: tuple[FrequencyCap, ...] = (
        FrequencyCap(message_class="promotional", max_messages=2, window_days=7),
        FrequencyCap(message_class="service", max_messages=3, window_days=7),
    )
    """Rolling caps; a class without one is not capped."""
    recent_buyer_days: Annotated[int, Field(ge=0, le=90)] = 7
    """Days after an order in which no promotional push goes out."""
    quiet_hours: QuietHours = QuietHours()
    """The shop's own hours; the market's legal hours bind as well."""
    legal_hours: tuple[LegalHours, ...] = ()
    """Extra hours beyond the markets' own."""
    min_holdout_rate: Rate = 0.05
    """Smallest control group; 0 needs an approval with a reason."""
    max_promo_share: Rate = 0.70
    """Largest share of promotional messages among a journey's promotional and service messages."""
    languages: tuple[Language, ...] = ("en", "de", "fr", "es", "ja", "zh")
    """Languages copy may be sent in; a market without one of them is not mailed."""
    channels: tuple[Channel, ...] = ("email", "sms", "push", "onpage")
    """Channels that may be used."""
    link_domains: tuple[str, ...] = ()
    """Hosts links may point to; the shop's own where none is given."""
    max_reach: Count = 1_000_000
    """Most people one plan may touch."""
    approval_valid_days: Annotated[int, Field(ge=1, le=90)] = 14
    """How long an approval may wait for its use."""
    new_goods: NewGoods | None = Field(default=None, exclude_if=lambda limits: limits is None)
    """Who may hear of new articles; those who are about their category where none is given."""
    release: ReleaseRule | None = None
    """Stages and harm thresholds of staged releases; the ones of `ReleaseRule` where none are given."""

    @cached_property
    def version(self) -> str:
        """The hash of the guardrails' canonical JSON.

        Fields that came later are left out while nobody set them: an update changes no version and voids no approval.
        """
        return content_hash({name: value for name, value in self.model_dump(mode="json").items() if self._counts(name)})

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Give a copy with `update` applied; its version is worked out anew."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("version", None)
        return copied

    def _counts(self, name: str) -> bool:
        return name not in LATER_FIELDS or getattr(self, name) is not None
