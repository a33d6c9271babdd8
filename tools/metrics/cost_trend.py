"""Both costs month by month, with how much each moves: is acquisition volatile and maintenance stable here? (S1-06)."""

from datetime import date, datetime, timedelta
from statistics import mean, variance
from zoneinfo import ZoneInfo

from memory.domain.base import Count, Frozen
from memory.domain.market import Shop
from memory.domain.money import Currency
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView

from .costs import CostPer, Costs, costs

FEWEST_PERIODS = 3
"""Periods with a cost below which a variance is withheld."""


class CostPeriod(Frozen):
    """Both costs of one calendar month of the shop."""

    from_on: date
    """First day."""
    until_on: date
    """Last day."""
    costs: Costs
    """Acquisition (a first order) and maintenance (a second order), or why either can't be told."""


class Spread(Frozen):
    """How much one cost moves from period to period."""

    n_periods: Count
    """Periods in which it is known."""
    mean_minor: float
    """Its mean over them, each period counting alike."""
    variance_minor2: float
    """Its sample variance (n - 1), in squared minor units."""
    variation: float
    """Standard deviation over mean: comparable between costs of different size; 0 where the mean is."""


class CostTrend(Frozen):
    """Acquisition and maintenance cost over the last whole months."""

    currency: Currency
    """The shop's currency."""
    periods: tuple[CostPeriod, ...]
    """Oldest first."""
    acquisition: Spread | NotEstimable
    """Of pre-purchase spend per new customer."""
    maintenance: Spread | NotEstimable
    """Of post-purchase spend per second order."""
    is_acquisition_more_volatile: bool | None
    """Whether its variation is the larger, as the article claims; null where either is unknown."""


def cost_trend(view: LakeView, shop: Shop, as_of: datetime, n_periods: int = 6) -> CostTrend:
    """Give both costs of the last whole months before `as_of`, and the variance of each over them."""
    periods = tuple(
        CostPeriod(from_on=first, until_on=last, costs=costs(view, shop, first, last, as_of))
        for first, last in _months(as_of.astimezone(ZoneInfo(shop.zone)).date(), n_periods)
    )
    acquisition = _spread([one.costs.first_order for one in periods])
    maintenance = _spread([one.costs.second_order for one in periods])
    more = None
    if isinstance(acquisition, Spread) and isinstance(maintenance, Spread):
        more = acquisition.variation > maintenance.variation
    return CostTrend(
        currency=shop.currency,
        periods=periods,
        acquisition=acquisition,
        maintenance=maintenance,
        is_acquisition_more_volatile=more,
    )


def _spread(found: list[CostPer | NotEstimable]) -> Spread | NotEstimable:
    known = [one.spent_minor / one.n_results for one in found if isinstance(one, CostPer)]
    if len(known) < FEWEST_PERIODS:
        message = f"The cost is known for {len(known)} periods; a variance needs at least {FEWEST_PERIODS}."
        return NotEstimable(code="missing_data", message=message)
    middle, squared = mean(known), variance(known)
    variation = float(squared**0.5 / middle) if middle else 0.0
    return Spread(n_periods=len(known), mean_minor=middle, variance_minor2=squared, variation=variation)


def _months(today: date, n: int) -> list[tuple[date, date]]:
    """Give first and last day of the `n` whole months before the one of `today`, oldest first."""
    found, after = [], today.replace(day=1)
    for _ in range(n):
        last = after - timedelta(days=1)
        after = last.replace(day=1)
        found.append((after, last))
    return found[::-1]
