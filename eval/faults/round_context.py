"""A planning context in round figures, for faults that need a planner and no data."""

from datetime import UTC, date, datetime
from functools import cache

from agent.guardrails.facts import PeopleCell, TemplateFact
from agent.planning.catalogue import CATALOGUE
from agent.planning.context import PlanContext
from memory.domain.cohort import COHORTS, Cohort
from memory.domain.guardrails import Guardrails
from memory.domain.market import Shop
from memory.domain.money import Money
from tools.budget.audit import BudgetAudit
from tools.cohorts import Peak, bfcm_rules
from tools.markets import load_markets
from tools.offers.facts import CategoryFact, GiftFact

N_PEOPLE = {"vip": 800, "reactivated": 1_000, "discount_sensitive": 1_200, "first_time": 3_000}
PEAK = Peak(from_on=date(2026, 11, 27), until_on=date(2026, 11, 30))


def _eur(major: int) -> Money:
    return Money(amount_minor=major * 100, currency="EUR")


@cache
def round_context(category: str = "shoes") -> PlanContext:
    """Give buyers of one peak in Germany and the US; `category` is a name that a shop's file may bring."""
    rails = Guardrails(plan_budget=_eur(20_000))
    return PlanContext(
        shop=Shop(shop_id="nord", name="Nord", currency="EUR", zone="Europe/Berlin", home_market="DE"),
        data_version=3,
        as_of=datetime(2026, 12, 1, 8, tzinfo=UTC),
        guardrails=rails,
        guardrail_version=rails.version,
        markets=load_markets().known(("DE", "US")),
        cohorts=_cohorts(),
        people=_people(),
        categories=tuple(
            CategoryFact(
                category=name, n_products=40, n_in_stock=35, n_units_sold=900, revenue_minor=5_000_000,
                median_price_minor=6_000, margin_rate=rate,
            )
            for name, rate in ((category, 0.55), ("coats", 0.62), ("socks", 0.48))
        ),
        gifts=(GiftFact(sku="SOCK-1", cost=_eur(3), price=_eur(9), n_in_stock=500),),
        margin_rate=0.55,
        audit=BudgetAudit(
            currency="EUR", period_from=date(2026, 9, 2), period_until=date(2026, 11, 30), pre_minor=27_600_000,
            post_minor=2_400_000, post_share_rate=0.08, risk_band="very_high", exceeds_finding=True,
        ),
        templates=tuple(TemplateFact(id=each.id, kind=each.kind, version=each.version) for each in CATALOGUE),
        peak_from=PEAK.from_on,
        peak_until=PEAK.until_on,
        anchor_on=date(2026, 12, 1),
        n_people=20_000,
        shipping_minor=590,
    )  # fmt: skip


def _cohorts() -> tuple[Cohort, ...]:
    rules = dict(bfcm_rules(PEAK))
    return tuple(
        Cohort(
            id=cohort, rule=rules[cohort], n_people=N_PEOPLE[cohort], n_reachable=N_PEOPLE[cohort] * 8 // 10,
            reachable_by_channel={"email": N_PEOPLE[cohort] * 8 // 10, "sms": N_PEOPLE[cohort] * 3 // 10},
            median_basket_minor=6_000, expected_repeat_rate=0.15,
        )
        for cohort in COHORTS
    )  # fmt: skip


def _people() -> tuple[PeopleCell, ...]:
    return tuple(
        PeopleCell(
            cohort=cohort, market=market, language=language, email=email, sms=sms, push=sms,
            n_people=N_PEOPLE[cohort] // 2 * share // 10,
        )
        for cohort in COHORTS
        for market, language in (("DE", "de"), ("US", "en"))
        for email, sms, share in ((True, False, 5), (True, True, 3), (False, False, 2))
    )  # fmt: skip
