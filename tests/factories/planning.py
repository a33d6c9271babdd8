"""A planning context with round figures; tests override what they are about."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from agent.guardrails.facts import PeopleCell, TemplateFact
from agent.planning.catalogue import CATALOGUE
from agent.planning.context import PlanContext
from memory.domain.cohort import COHORTS, Cohort
from memory.domain.guardrails import Guardrails
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.domain.segment import Everyone
from tools.budget.audit import BudgetAudit
from tools.markets import load_markets
from tools.offers.facts import CategoryFact, GiftFact

AS_OF = datetime(2026, 12, 1, 8, tzinfo=UTC)
SIZES = {"vip": 800, "reactivated": 1000, "discount_sensitive": 1200, "first_time": 3000}
BASKETS = {"vip": 9000, "reactivated": 7000, "discount_sensitive": 5000, "first_time": 6000}


def eur(major: int) -> Money:
    return Money(amount_minor=major * 100, currency="EUR")


def a_shop(**changes: Any) -> Shop:
    given = {
        "shop_id": "nord",
        "name": "Nord",
        "currency": "EUR",
        "zone": "Europe/Berlin",
        "home_market": "DE",
        "postal_address": "Weg 1, Kiel",
    }
    return Shop(**{**given, **changes})


def guardrails(**changes: Any) -> Guardrails:
    return Guardrails(**{"plan_budget": eur(20_000), **changes})


def people() -> tuple[PeopleCell, ...]:
    """Half in Germany, half in the US; every fifth without any consent."""
    cells = []
    for cohort in COHORTS:
        for market, language in (("DE", "de"), ("US", "en")):
            half = SIZES[cohort] // 2
            cells.append((cohort, market, language, True, False, False, half * 5 // 10))
            cells.append((cohort, market, language, True, True, True, half * 3 // 10))
            cells.append((cohort, market, language, False, False, False, half * 2 // 10))
    names = ("cohort", "market", "language", "email", "sms", "push", "n_people")
    return tuple(PeopleCell(**dict(zip(names, cell, strict=True))) for cell in cells)


def cohorts() -> tuple[Cohort, ...]:
    return tuple(
        Cohort(
            id=cohort,
            rule=Everyone(),
            n_people=SIZES[cohort],
            n_reachable=SIZES[cohort] * 8 // 10,
            reachable_by_channel={"email": SIZES[cohort] * 8 // 10, "sms": SIZES[cohort] * 3 // 10},
            median_basket_minor=BASKETS[cohort],
            expected_repeat_rate=0.15,
        )
        for cohort in COHORTS
    )


def category(name: str = "shoes", margin_rate: float | None = 0.55, **changes: Any) -> CategoryFact:
    given = {
        "category": name,
        "n_products": 40,
        "n_in_stock": 35,
        "n_units_sold": 900,
        "revenue_minor": 5_000_000,
        "median_price_minor": 6000,
        "margin_rate": margin_rate,
    }
    return CategoryFact(**{**given, **changes})


def audit(**changes: Any) -> BudgetAudit:
    """90 days, 300,000 EUR, 8 % of it after the purchase."""
    given = {
        "currency": "EUR",
        "period_from": date(2026, 9, 2),
        "period_until": date(2026, 11, 30),
        "pre_minor": 27_600_000,
        "post_minor": 2_400_000,
        "post_share_rate": 0.08,
        "risk_band": "very_high",
        "exceeds_finding": True,
    }
    return BudgetAudit(**{**given, **changes})


def context(**changes: Any) -> PlanContext:
    """The facts of one round shop; without changes always the same frozen ones, as an installation remembers them."""
    return _context(**changes) if changes else _round()


@cache
def _round() -> PlanContext:
    return _context()


def _context(**changes: Any) -> PlanContext:
    rails = changes.get("guardrails") or guardrails()
    given: dict[str, Any] = {
        "shop": a_shop(),
        "data_version": 3,
        "as_of": AS_OF,
        "guardrails": rails,
        "guardrail_version": rails.version,
        "markets": load_markets().known(("DE", "US")),
        "cohorts": cohorts(),
        "people": people(),
        "categories": (category("shoes", 0.55), category("coats", 0.62), category("socks", 0.48)),
        "gifts": (GiftFact(sku="SOCK-1", cost=eur(3), price=eur(9), n_in_stock=500),),
        "margin_rate": 0.55,
        "audit": audit(),
        "templates": tuple(TemplateFact(id=each.id, kind=each.kind, version=each.version) for each in CATALOGUE),
        "peak_from": date(2026, 11, 27),
        "peak_until": date(2026, 11, 30),
        "anchor_on": date(2026, 12, 1),
        "n_people": 20_000,
        "shipping_minor": 590,
    }
    return PlanContext(**{**given, **changes})
