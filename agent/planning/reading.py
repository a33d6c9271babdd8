"""The smaller readings of a planning context: peak, people cells, exchange rates, what is assumed."""

from datetime import datetime
from decimal import Decimal

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from agent.guardrails.facts import PeopleCell
from memory.domain.brief import Brief
from memory.domain.errors import InvalidInput
from memory.domain.market import Shop
from memory.domain.money import ExchangeRate, ExchangeRates
from memory.lake.view import LakeView
from tools.cohorts import Peak, last_peak
from tools.markets import Markets
from tools.offers.reading import GoodsFacts

CELL_KEYS = ["cohort", "market", "language", "consent_email", "consent_sms", "consent_push"]


def peak_of(brief: Brief, view: LakeView, shop: Shop, as_of: datetime) -> Peak:
    """Give the brief's peak, or the last BFCM the shop sold in; raise `NotReady` where there is none."""
    if brief.peak_from is None and brief.peak_until is None:
        return last_peak(view, shop, as_of)
    if brief.peak_from is None or brief.peak_until is None or brief.peak_from > brief.peak_until:
        raise InvalidInput(
            what="the peak", why="it needs a first day and a last day in order", remedy="Give both as 2026-11-27"
        )
    return Peak(from_on=brief.peak_from, until_on=brief.peak_until)


def people_cells(assigned: pa.Table, shop: Shop, markets: Markets) -> tuple[PeopleCell, ...]:
    """Count people by cohort, market, language and consent.

    Who has no market belongs to the home market, who has no language reads the market's.
    """
    filled = {
        "market": pc.coalesce(assigned["market"].cast(pa.string()), shop.home_market),
        "language": pc.coalesce(assigned["language"].cast(pa.string()), ""),
        **{f"consent_{name}": pc.coalesce(assigned[f"consent_{name}"], False) for name in ("email", "sms", "push")},
    }
    table = pa.table({"cohort": assigned["cohort"], **filled})
    rows = table.group_by(CELL_KEYS).aggregate([([], "count_all")]).to_pylist()
    rows.sort(key=_cell_key)
    return tuple(
        PeopleCell(
            cohort=row["cohort"],
            market=row["market"],
            language=row["language"] or language_of(row["market"], shop, markets),
            email=row["consent_email"],
            sms=row["consent_sms"],
            push=row["consent_push"],
            n_people=row["count_all"],
        )
        for row in rows
    )


def language_of(country: str, shop: Shop, markets: Markets) -> str:
    """Give a market's language, the home market's where the country is unknown."""
    market = markets.by_country.get(country) or markets.by_country.get(shop.home_market)
    return "en" if market is None else market.language


def newest_rates(view: LakeView, shop: Shop, as_of: datetime) -> ExchangeRates:
    """Give the newest rate of each pair with the shop's currency on or before the day."""
    rates = view.table("rates")
    rates = rates.filter(
        rates.shop_id == shop.shop_id,
        rates.rate_on <= ibis.literal(as_of.date()),
        (rates.base == shop.currency) | (rates.quote == shop.currency),
    )
    rows = rates.select("base", "quote", "rate_on", "rate_text", "source").to_pyarrow().to_pylist()
    newest: dict[tuple[str, str], ExchangeRate] = {}
    for row in sorted(rows, key=_rate_key):
        newest[row["base"], row["quote"]] = ExchangeRate(
            base=row["base"],
            quote=row["quote"],
            on=row["rate_on"],
            rate=Decimal(row["rate_text"]),
            source=row["source"],
        )
    return ExchangeRates(rates=tuple(newest[pair] for pair in sorted(newest)))


def count_people(view: LakeView, shop: Shop, as_of: datetime) -> int:
    """Count the people who ever ordered."""
    orders = view.table("orders")
    orders = orders.filter(orders.shop_id == shop.shop_id, orders.event_at <= ibis.literal(as_of))
    return int(orders.person_id.nunique().to_pyarrow().as_py() or 0)


def context_assumptions(
    view: LakeView, shop: Shop, goods: GoodsFacts, cells: tuple[PeopleCell, ...], markets: Markets, as_of: datetime
) -> tuple[str, ...]:
    """Say what is assumed or missing in the data, in sentences."""
    found = []
    if goods.margin_rate is None:
        found.append("no costs are imported: no offer that gives margin away can be planned")
    elif any(category.is_assumed for category in goods.categories):
        found.append("margins rest on assumed costs")
    consents = view.table("consents")
    assumed = consents.filter(consents.shop_id == shop.shop_id, consents.method == "assumed").limit(1).count()
    if assumed.to_pyarrow().as_py():
        found.append("consent is assumed for demonstration")
    if not any(cell.email or cell.sms or cell.push for cell in cells):
        found.append("nobody has given consent: the plan reaches nobody; import consent")
    unknown = sorted({cell.market for cell in cells} - set(markets.by_country))
    if unknown:
        found.append(f"no market file describes {', '.join(unknown)}: nothing promotional is sent there")
    if goods.n_left_out:
        found.append(f"{goods.n_left_out} small categories are left out of the plan's facts")
    return tuple(found)


def _cell_key(row: dict[str, object]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in CELL_KEYS)


def _rate_key(row: dict[str, object]) -> tuple[str, str]:
    return str(row["rate_on"]), str(row["rate_text"])
