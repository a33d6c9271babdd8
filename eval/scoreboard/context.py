"""What planners read of a crowd: the same aggregates that the product gathers, worked out from the columns."""

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np

from agent.guardrails.facts import PeopleCell, TemplateFact
from agent.planning.catalogue import CATALOGUE
from agent.planning.context import PlanContext
from eval.gym.catalogue import CATEGORIES
from eval.gym.dates import ANCHOR, PEAK_DAYS
from eval.gym.own_files import marketing_money
from eval.gym.places import PLACES, RATES, RATES_ON, SHOP_CURRENCY
from eval.gym.shop import demo_shop
from memory.domain.cohort import COHORTS, Cohort
from memory.domain.guardrails import Guardrails
from memory.domain.money import ExchangeRate, ExchangeRates, Money
from tools.budget.audit import FINDING_RATE, BudgetAudit, risk_band
from tools.cohorts import Peak
from tools.cohorts.rules import bfcm_rules
from tools.markets import load_markets
from tools.offers.facts import CategoryFact, GiftFact

from .crowd import CHANNELS, Crowd, order_values

PLAN_BUDGET_MAJOR = 30_000
N_GIFTS = 10


def context_of(crowd: Crowd, guardrails: Guardrails | None = None) -> PlanContext:
    """Give a crowd's planning context; the guardrails are the defaults with a plan budget where none are given."""
    rails = guardrails or default_guardrails()
    goods, sold = crowd.start.goods, order_values(crowd.start.goods, crowd.orders)
    countries = tuple(sorted(row.country for row in PLACES))
    return PlanContext(
        shop=demo_shop(),
        data_version=1,
        as_of=datetime(ANCHOR.year, ANCHOR.month, ANCHOR.day, tzinfo=UTC),
        guardrails=rails,
        guardrail_version=rails.version,
        markets=load_markets().known(countries),
        cohorts=_cohorts(crowd),
        people=_cells(crowd),
        categories=_categories(crowd),
        gifts=tuple(
            GiftFact(
                sku=goods.sku[k],
                cost=_euro(int(goods.cost_minor[k])),
                price=_euro(int(goods.price_minor[k])),
                n_in_stock=int(goods.stock[k]),
            )
            for k in np.argsort(goods.cost_minor, kind="stable").tolist()
            if goods.stock[k] > 0
        )[:N_GIFTS],
        margin_rate=round(float(sold[1].sum() / sold[0].sum()), 4),
        audit=_audit(crowd),
        rates=_rates(),
        templates=tuple(TemplateFact(id=each.id, kind=each.kind, version=each.version) for each in CATALOGUE),
        peak_from=PEAK_DAYS[1][0],
        peak_until=PEAK_DAYS[1][1],
        anchor_on=ANCHOR,
        n_people=len(np.unique(crowd.orders.person)),
        shipping_minor=int(np.median(crowd.orders.shipping)),
    )


def default_guardrails() -> Guardrails:
    """Give the limits the demo sets: the defaults with a plan budget."""
    return Guardrails(plan_budget=_euro(PLAN_BUDGET_MAJOR * 100))


def _cohorts(crowd: Crowd) -> tuple[Cohort, ...]:
    rules = dict(bfcm_rules(Peak(from_on=PEAK_DAYS[1][0], until_on=PEAK_DAYS[1][1])))
    value = order_values(crowd.start.goods, crowd.orders)[0] * (1 - _depth(crowd))
    found = []
    for place, cohort in enumerate(COHORTS):
        own = crowd.cohort == place
        baskets = value[own[crowd.orders.person]]
        found.append(
            Cohort(
                id=cohort,
                rule=rules[cohort],
                n_people=int(own.sum()),
                n_reachable=int(crowd.allows[own].any(axis=1).sum()),
                reachable_by_channel={name: int(crowd.allows[own, k].sum()) for k, name in enumerate(CHANNELS)},
                median_basket_minor=int(np.median(baskets)) if len(baskets) else 0,
            )
        )
    return tuple(found)


def _depth(crowd: Crowd) -> np.ndarray:
    depth: np.ndarray = crowd.orders.discount / np.maximum(crowd.orders.line_total(), 1)
    return depth


def _cells(crowd: Crowd) -> tuple[PeopleCell, ...]:
    members = crowd.members
    keys = np.column_stack([crowd.cohort[members], crowd.people.place[members], crowd.allows[members]])
    rows, counts = np.unique(keys, axis=0, return_counts=True)
    return tuple(
        PeopleCell(
            cohort=COHORTS[row[0]],
            market=PLACES[row[1]].country,
            language=PLACES[row[1]].language,
            email=bool(row[2]),
            sms=bool(row[3]),
            push=bool(row[4]),
            n_people=int(n),
        )
        for row, n in zip(rows.tolist(), counts.tolist(), strict=True)
    )


def _categories(crowd: Crowd) -> tuple[CategoryFact, ...]:
    goods, orders = crowd.start.goods, crowd.orders
    there = orders.sku >= 0
    units = np.bincount(orders.sku[there], orders.quantity[there], len(goods.sku))
    found = []
    for place, row in enumerate(CATEGORIES):
        own = goods.category == place
        revenue = int((units * goods.price_minor)[own].sum())
        cost = int((units * goods.cost_minor)[own].sum())
        found.append(
            CategoryFact(
                category=row.id,
                n_products=int(own.sum()),
                n_in_stock=int((goods.stock[own] > 0).sum()),
                n_units_sold=int(units[own].sum()),
                revenue_minor=revenue,
                median_price_minor=int(np.median(goods.price_minor[own])),
                margin_rate=round(1 - cost / revenue, 6) if revenue else None,
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.revenue_minor, each.category)))


def _audit(crowd: Crowd) -> BudgetAudit:
    begins, ends, pre, post = marketing_money(crowd.people)
    share = round(post / (pre + post), 6) if pre + post else None
    return BudgetAudit(
        currency=SHOP_CURRENCY,
        period_from=begins,
        period_until=ends,
        pre_minor=pre,
        post_minor=post,
        post_share_rate=share,
        risk_band=risk_band(share),
        exceeds_finding=None if share is None else 1 - share > FINDING_RATE,
    )


def _rates() -> ExchangeRates:
    last = max(day for day in RATES_ON if day <= ANCHOR.isoformat())
    at = RATES_ON.index(last)
    return ExchangeRates(
        rates=tuple(
            ExchangeRate(
                base=SHOP_CURRENCY, quote=quote, on=date.fromisoformat(last), rate=Decimal(values[at]), source="gym"
            )
            for quote, values in sorted(RATES.items())
        )
    )


def _euro(amount_minor: int) -> Money:
    return Money(amount_minor=amount_minor, currency=SHOP_CURRENCY)
