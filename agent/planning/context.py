"""The planning context: everything a planner may look at. Aggregates only, read in one step by `gather`."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

import ibis.expr.types as ir
from pydantic import Field

from agent.guardrails.facts import PlanFacts, TemplateFact
from memory.domain.base import Count, MinorUnits
from memory.domain.brief import Brief
from memory.domain.codes import CodeSource
from memory.domain.content import ContentItem
from memory.domain.guardrails import Guardrails
from memory.domain.learned import TableClaims
from memory.domain.lesson import Lesson
from memory.domain.market import Shop
from memory.domain.order_mail import OWNED_STEPS, OrderMailSettings, OwnedStep, StepOwner
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from tools.budget.reading import budget_audit
from tools.cohorts import assign_cohorts, cohort_facts
from tools.markets import load_markets
from tools.offers.reading import goods_facts
from tools.priors.measured import MeasuredEffects, measured_effects

from .catalogue import CATALOGUE
from .dates import LAST_DAY, day_on
from .opened import Remember, each_time
from .outside import Outside, outside, sentences
from .reading import context_assumptions, count_people, newest_rates, peak_of, people_cells


class PlanContext(PlanFacts):
    """The facts, the guardrails and the dates a plan is drafted from. Holds no person and no contact data."""

    guardrails: Guardrails
    """The limits in force."""
    peak_from: date
    """First day of the peak whose buyers the plan is for."""
    peak_until: date
    """Last day of the peak."""
    anchor_on: date
    """Day 0 of the 90 days."""
    n_people: Count = 0
    """People of the shop."""
    shipping_minor: MinorUnits = 0
    """Median shipping paid per order in the shop's currency."""
    assumptions: tuple[str, ...] = ()
    """What is assumed rather than read from data, in words."""
    lessons: tuple[Lesson, ...] = Field(default=(), exclude_if=lambda lessons: not lessons)
    """What measured plans of the shop taught; left out of what is recorded where there is nothing."""
    claims: TableClaims | None = Field(default=None, exclude_if=lambda claims: claims is None)
    """What may be claimed of messages that go by tables of the shop's own decisions; left out where there are none."""
    owners: dict[OwnedStep, StepOwner] = Field(default={}, exclude_if=lambda owners: not owners)
    """Who sends transactional steps, where it is not the shop; left out where the shop sends them all."""

    code_source: CodeSource | None = Field(default=None, exclude_if=lambda source: source is None)
    """Where the shop's codes come from; left out where people hold offers by their terms."""

    @property
    def measured(self) -> MeasuredEffects | None:
        """The assumed effects after the lessons; none where nothing was measured."""
        return _after(self.lessons)


@lru_cache(maxsize=8)
def _after(lessons: tuple[Lesson, ...]) -> MeasuredEffects | None:
    """Work the effects out once per set of lessons: each draft asks for them several times."""
    return measured_effects(lessons)


def gather(store: Store, lake: Lake, shop_id: str, brief: Brief, *, as_of: datetime) -> PlanContext:
    """Read everything a plan is drafted from, once: aggregates of the newest data version as of an instant.

    Raise `NotReady` where the shop has no guardrails or sold nothing in a finished peak, `MissingRate` where money
    cannot be brought into the shop's currency.
    """
    with store.read() as uow:
        shop = uow.shops.get(shop_id)
        guardrails = uow.guardrails.current(shop_id)
        version, lessons, learned = uow.versions.latest(), uow.lessons.of(shop_id), uow.effects.get(shop_id)
        held, items = outside(uow, shop, as_of), uow.content_items.in_use(shop_id)
        source, owners = uow.code_sources.get(shop_id), owners_of(uow.order_mail.settings(shop_id))
    with lake.open(version.tables, [shop_id]) as view:
        found = read_context(view, shop, guardrails, version.number, brief, as_of)
    return completed(found, lessons, learned.claims() if learned else None, held, items, source, owners)


def completed(
    found: PlanContext,
    lessons: tuple[Lesson, ...],
    claims: TableClaims | None,
    held: Outside,
    items: tuple[ContentItem, ...] = (),
    source: CodeSource | None = None,
    owners: Mapping[OwnedStep, StepOwner] | None = None,
) -> PlanContext:
    """Add to what was read from facts what the store knows: lessons, tables, what people may hold, content, owners."""
    beside = held.of_others(found.peak_from, found.peak_until)
    ends_on = day_on(found.anchor_on, LAST_DAY)
    said = (*found.assumptions, *sentences(beside, found.anchor_on, ends_on))
    known = {"lessons": lessons, "claims": claims, "outside_offers": beside, "assumptions": said}
    return found.model_copy(update={**known, "content": items, "code_source": source, "owners": dict(owners or {})})


def owners_of(settings: OrderMailSettings) -> dict[OwnedStep, StepOwner]:
    """Give who sends transactional steps, where it is not the shop."""
    return {step: owner for step in OWNED_STEPS if (owner := settings.owner(step)) != "shop"}


def read_context(
    view: LakeView,
    shop: Shop,
    guardrails: Guardrails,
    data_version: int,
    brief: Brief,
    as_of: datetime,
    *,
    profiles: ir.Table | None = None,
    remember: Remember = each_time,
) -> PlanContext:
    """Give the context of opened facts; see `gather`.

    `profiles` are those of the facts where the caller has them; `remember` keeps what does not depend on the brief.
    """
    peak = remember(("peak", brief.peak_from, brief.peak_until), lambda: peak_of(brief, view, shop, as_of))
    days, within = (peak.from_on, peak.until_on), brief.goal.within_days
    assigned = remember(
        ("assigned", *days), lambda: assign_cohorts(view, shop, *days, as_of, profiles=profiles).to_pyarrow()
    )
    cohorts = remember(
        ("cohorts", *days, within),
        lambda: cohort_facts(view, shop, *days, as_of, within_days=within, assigned=assigned),
    )
    known = load_markets()
    cells = remember(("cells", *days), lambda: people_cells(assigned, shop, known))
    goods = remember("goods", lambda: goods_facts(view, shop, as_of))
    countries = tuple(sorted({cell.market for cell in cells} | {shop.home_market}))
    return PlanContext(
        shop=shop,
        data_version=data_version,
        as_of=as_of,
        guardrails=guardrails,
        guardrail_version=guardrails.version,
        markets=known.known(countries),
        cohorts=cohorts,
        people=cells,
        categories=goods.categories,
        gifts=goods.gifts,
        margin_rate=goods.margin_rate,
        audit=remember("audit", lambda: budget_audit(view, shop, as_of)),
        rates=remember("rates", lambda: newest_rates(view, shop, as_of)),
        templates=tuple(TemplateFact(id=each.id, kind=each.kind, version=each.version) for each in CATALOGUE),
        peak_from=peak.from_on,
        peak_until=peak.until_on,
        anchor_on=brief.anchor_on or peak.until_on + timedelta(days=1),
        n_people=remember("n_people", lambda: count_people(view, shop, as_of)),
        shipping_minor=goods.shipping_minor,
        assumptions=remember(("assumed", *days), lambda: context_assumptions(view, shop, goods, cells, known, as_of)),
    )
