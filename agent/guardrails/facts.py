"""The facts a plan is checked against: fetched once by the caller, aggregates only."""

from statistics import median_low

from pydantic import Field

from memory.domain.base import Count, Frozen, Instant
from memory.domain.cohort import Cohort, CohortId
from memory.domain.content import ContentItem
from memory.domain.market import Channel, CountryCode, Language, Market, Shop
from memory.domain.message import MessageKind
from memory.domain.money import ExchangeRates
from memory.domain.offer import OutsideOffer
from tools.budget.audit import BudgetAudit
from tools.offers.facts import CategoryFact, GiftFact


class PeopleCell(Frozen):
    """How many people of one cohort live in one market, read one language and may be reached on the same channels."""

    cohort: CohortId
    """Their cohort."""
    market: CountryCode
    """Where they live."""
    language: Language
    """What they read."""
    email: bool
    """Whether they may be mailed."""
    sms: bool
    """Whether they may be texted."""
    push: bool
    """Whether the app may notify them."""
    n_people: Count
    """How many."""

    def reaches(self, channel: Channel) -> bool:
        """Say whether the channel may reach them; a page reaches whoever opens it."""
        return channel == "onpage" or bool(getattr(self, channel))


class TemplateFact(Frozen):
    """A step template that exists."""

    id: str
    """Its id."""
    kind: MessageKind
    """What it says."""
    version: int
    """Its newest version."""


class PlanFacts(Frozen):
    """What the checks of a plan need to know."""

    shop: Shop
    """The shop."""
    data_version: int
    """The facts' version."""
    as_of: Instant
    """The instant the facts are read at."""
    guardrail_version: str
    """Hash of the guardrails in force."""
    markets: tuple[Market, ...]
    """Markets in which people of the cohorts live, and the home market."""
    cohorts: tuple[Cohort, ...]
    """The four cohorts in order of precedence."""
    people: tuple[PeopleCell, ...] = ()
    """Where they live and how they may be reached."""
    categories: tuple[CategoryFact, ...] = ()
    """Categories by revenue."""
    gifts: tuple[GiftFact, ...] = ()
    """What could be given away."""
    margin_rate: float | None = None
    """Margin over list price of all sales; null where no cost is known."""
    audit: BudgetAudit
    """Today's split of the marketing money."""
    rates: ExchangeRates = ExchangeRates()
    """Newest known rates from and to the shop's currency."""
    templates: tuple[TemplateFact, ...] = ()
    """Step templates that exist."""
    outside_offers: tuple[OutsideOffer, ...] = Field(default=(), exclude_if=lambda offers: not offers)
    """What people may hold from outside the plan; left out of what is recorded where there is nothing."""

    content: tuple[ContentItem, ...] = Field(default=(), exclude_if=lambda items: not items)
    """Items of the content library in use; left out of what is recorded where there is nothing."""

    def cohort(self, cohort_id: CohortId) -> Cohort:
        """Give one cohort."""
        return next(cohort for cohort in self.cohorts if cohort.id == cohort_id)

    def baskets(self) -> dict[CohortId, int]:
        """Give the median basket per cohort in minor units; a cohort nobody is in has the one of the others."""
        known = [cohort.median_basket_minor for cohort in self.cohorts if cohort.median_basket_minor > 0]
        typical = median_low(known) if known else 0
        return {cohort.id: cohort.median_basket_minor or typical for cohort in self.cohorts}

    def market(self, country: CountryCode) -> Market | None:
        """Give one market, or none where it is not known."""
        return next((market for market in self.markets if market.country == country), None)

    def n_reached(
        self,
        cohort: CohortId,
        channels: tuple[Channel, ...],
        *,
        excluded: tuple[tuple[CountryCode, Channel], ...] = (),
        languages: tuple[Language, ...] = (),
    ) -> int:
        """Count the people of a cohort at least one channel may reach, exclusions and languages applied."""
        banned = set(excluded)
        return sum(
            cell.n_people
            for cell in self.people
            if cell.cohort == cohort
            and (not languages or cell.language in languages)
            and any(cell.reaches(channel) and (cell.market, channel) not in banned for channel in channels)
        )
