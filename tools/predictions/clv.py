"""Predicted customer lifetime value up to a horizon, per person and for the shop (S1-49): an estimate, never a fact.

Days of purchase come from BG/NBD, the value of one from Gamma-Gamma. The interval comes from parameter vectors that
the data leave possible: it says how sure the fit is, not how far one person will be from it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Interval
from memory.domain.market import Shop
from memory.domain.money import Currency
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView

from . import bgnbd, gamma_gamma
from .histories import DAYS_PER_WEEK, days_bought, histories, types_of, window_before
from .next_order import NextOrder, next_order

Floats = npt.NDArray[np.float64]
MIN_BUYERS, MIN_REPEAT, MIN_AGE_DAYS = 30, 10, 60
N_DRAWS = 40
METHOD = f"BG/NBD x Gamma-Gamma, {N_DRAWS} parameter draws (Laplace); how sure the fit is, not how people differ"
PEOPLE_SCHEMA = pa.schema(
    [
        ("person_id", pa.string()),
        ("historic_minor", pa.int64()),  # what the person brought so far
        ("chance_alive", pa.float64()),  # probability of not having stopped buying
        ("expected_orders", pa.float64()),  # days of purchase up to the horizon
        ("expected_minor", pa.float64()),  # revenue up to the horizon
        ("low_minor", pa.float64()),
        ("high_minor", pa.float64()),
        ("next_early_on", pa.date32()),  # if still buying: by then a quarter of such people have ordered again
        ("next_on", pa.date32()),  # half of them; null beyond two years
        ("next_late_on", pa.date32()),  # three quarters
        ("fifth", pa.int32()),  # 5 = the fifth of buyers with the highest expectation
    ]
)


class Fifth(Frozen):
    """One fifth of the buyers by expected value."""

    fifth: Count
    """5 is the highest."""
    n_people: Count
    """How many."""
    historic_mean_minor: float
    """What they brought so far, per person."""
    predicted_mean_minor: float
    """What they are expected to bring up to the horizon, per person."""


class Backtest(Frozen):
    """The same method as of an earlier day, beside what then happened."""

    days: Count
    """How long before the reading it was fitted, and looked ahead."""
    n_people: Count
    """Buyers known then."""
    predicted_orders: float
    """Days of purchase it expected of them."""
    actual_orders: Count
    """Days of purchase there were."""


class ClvPredicted(Frozen):
    """What today's buyers are expected to bring."""

    n_people: Count
    """Buyers."""
    n_repeat: Count
    """Those with a second day of purchase."""
    horizon_days: Count
    """How far ahead."""
    mean_minor: Interval
    """Revenue per buyer up to the horizon, in minor units."""
    margin_mean_minor: Interval | NotEstimable
    """The same in margin, at the shop's mean margin over list price; not estimable where no cost is known."""
    n_alive: float
    """How many buyers are expected not to have stopped."""
    n_due_30d: float
    """How many buyers are expected to order within 30 days."""
    fifths: tuple[Fifth, ...]
    """Fifths of the buyers, highest expectation first."""
    check: Backtest | NotEstimable
    """How the method did on the shop's own past."""
    parameters: dict[str, float]
    """r, alpha (weeks), a, b, p, q, v (minor units)."""
    log_likelihood: float
    """Of BG/NBD."""
    is_shrunk: bool
    """Whether there are so few buyers that published parameters of another shop were mixed in: an assumption."""
    currency: Currency
    """The shop's currency, into which all orders were converted at dated rates."""


class ClvPeople(NamedTuple):
    """The summary and what it sums."""

    summary: ClvPredicted
    people: pa.Table
    """`PEOPLE_SCHEMA`."""


class _Fit(NamedTuple):
    types: bgnbd.Types
    place: npt.NDArray[np.int64]
    buying: bgnbd.BgNbd
    spending: gamma_gamma.GammaGamma
    frequency: Floats
    value: Floats


def predict_clv(
    view: LakeView,
    shop: Shop,
    as_of: datetime,
    *,
    horizon_days: int = 365,
    margin_rate: float | None = None,
    seed: int = 1,
) -> ClvPeople | NotEstimable:
    """Give the expected value of each buyer up to the horizon; not estimable below 30 buyers or 10 who came back.

    Raise `MissingRate` where an order's currency has no rate.
    """
    people = histories(view, shop, as_of)
    if (refusal := _too_little(people)) is not None:
        return refusal
    fitted = _fit(people)
    weeks = horizon_days / DAYS_PER_WEEK
    orders = bgnbd.expected_purchases(fitted.buying.parameters, fitted.types, weeks)[fitted.place]
    expected = orders * gamma_gamma.expected_value(fitted.spending.parameters, fitted.frequency, fitted.value)
    spread, mean_sd = _spread(fitted, weeks, seed)
    mean = float(expected.mean())
    interval = _interval(mean, mean_sd)
    alive = bgnbd.chance_alive(fitted.buying.parameters, fitted.types)
    due = next_order(fitted.buying.parameters, fitted.types, fitted.place, as_of)
    table = _people_table(people, alive[fitted.place], orders, expected, spread, due)
    summary = ClvPredicted(
        n_people=people.num_rows,
        n_repeat=int((fitted.frequency > 0).sum()),
        horizon_days=horizon_days,
        mean_minor=interval,
        margin_mean_minor=_margin(interval, margin_rate),
        n_alive=float(alive @ fitted.types.n),
        n_due_30d=float((alive * _share_due(fitted, 30 / DAYS_PER_WEEK)) @ fitted.types.n),
        fifths=tuple(_fifths(table)),
        check=_backtest(view, shop, as_of, min(horizon_days, 180)),
        parameters=_parameters(fitted),
        log_likelihood=fitted.buying.log_likelihood,
        is_shrunk=fitted.buying.is_shrunk or fitted.spending.is_shrunk,
        currency=shop.currency,
    )
    return ClvPeople(summary, table)


def _share_due(fitted: _Fit, weeks: float) -> Floats:
    """Give per type the share that orders within so many weeks, if still buying."""
    r, alpha, _, _ = fitted.buying.parameters
    ahead = alpha + fitted.types.age
    return np.asarray(1.0 - (ahead / (ahead + weeks)) ** (r + fitted.types.frequency), dtype=np.float64)


def _too_little(people: pa.Table) -> NotEstimable | None:
    n, value = people.num_rows, _filled(people["again_minor"])
    n_repeat = int((value > 0).sum())
    if n < MIN_BUYERS or n_repeat < MIN_REPEAT:
        needed = f"predicted value needs {MIN_BUYERS} and {MIN_REPEAT}"
        return NotEstimable(
            code="too_few_buyers", message=f"{n} buyers, {n_repeat} of whom bought on a second day; {needed}."
        )
    oldest = int(people["age_days"].to_numpy().max())
    if oldest < MIN_AGE_DAYS:
        return NotEstimable(
            code="missing_data", message=f"{oldest} days of orders; predicted value needs {MIN_AGE_DAYS}."
        )
    return None


def _fit(people: pa.Table) -> _Fit:
    types, place = types_of(people)
    frequency = people["n_again"].to_numpy().astype(np.float64)
    value = _filled(people["again_minor"])
    known = (frequency > 0) & (value > 0)
    spending = gamma_gamma.fit(frequency[known], value[known])
    return _Fit(types, place, bgnbd.fit(types), spending, np.where(known, frequency, 0.0), np.where(known, value, 0.0))


def _filled(column: pa.ChunkedArray) -> Floats:
    filled: Floats = column.cast(pa.float64()).fill_null(0.0).to_numpy()
    return filled


def _spread(fitted: _Fit, weeks: float, seed: int) -> tuple[Floats, float]:
    """Give the standard deviation over parameter draws per person, and of the mean."""
    total, squares = np.zeros(len(fitted.place)), np.zeros(len(fitted.place))
    means = []
    pairs = zip(
        bgnbd.draws(fitted.buying, N_DRAWS, seed), gamma_gamma.draws(fitted.spending, N_DRAWS, seed + 1), strict=True
    )
    for buying, spending in pairs:
        drawn = bgnbd.expected_purchases(buying, fitted.types, weeks)[fitted.place]
        drawn = drawn * gamma_gamma.expected_value(spending, fitted.frequency, fitted.value)
        total += drawn
        squares += drawn * drawn
        means.append(float(drawn.mean()))
    variance = (squares - total * total / N_DRAWS) / (N_DRAWS - 1)
    return np.sqrt(np.maximum(variance, 0.0)), float(np.std(means, ddof=1))


def _interval(estimate: float, sd: float) -> Interval:
    return Interval(estimate=estimate, low=max(0.0, estimate - 1.96 * sd), high=estimate + 1.96 * sd, method=METHOD)


def _margin(revenue: Interval, rate: float | None) -> Interval | NotEstimable:
    if rate is None:
        return NotEstimable(code="missing_data", message="No cost of any article is known; import costs.")
    return Interval(
        estimate=revenue.estimate * rate,
        low=min(revenue.low * rate, revenue.high * rate),
        high=max(revenue.low * rate, revenue.high * rate),
        method=f"{METHOD}; at the mean margin over list price, {rate:.1%}",
    )


def _people_table(
    people: pa.Table, alive: Floats, orders: Floats, expected: Floats, spread: Floats, due: NextOrder
) -> pa.Table:
    rank = np.empty(len(expected), dtype=np.int64)
    rank[np.lexsort((np.arange(len(expected)), expected))] = np.arange(len(expected))  # ties by id
    columns = {
        "person_id": people["person_id"],
        "historic_minor": people["historic_minor"],
        "chance_alive": pa.array(alive),
        "expected_orders": pa.array(orders),
        "expected_minor": pa.array(expected),
        "low_minor": pa.array(np.maximum(0.0, expected - 1.96 * spread)),
        "high_minor": pa.array(expected + 1.96 * spread),
        "next_early_on": due.early_on,
        "next_on": due.on,
        "next_late_on": due.late_on,
        "fifth": pa.array((rank * 5 // len(expected) + 1).astype(np.int32)),
    }
    return pa.table(columns).cast(PEOPLE_SCHEMA)


def _fifths(table: pa.Table) -> Iterator[Fifth]:
    grouped = table.group_by("fifth").aggregate(
        [("historic_minor", "mean"), ("expected_minor", "mean"), ("person_id", "count")]
    )
    for row in grouped.sort_by([("fifth", "descending")]).to_pylist():
        yield Fifth(
            fifth=row["fifth"],
            n_people=row["person_id_count"],
            historic_mean_minor=row["historic_minor_mean"],
            predicted_mean_minor=row["expected_minor_mean"],
        )


def _backtest(view: LakeView, shop: Shop, as_of: datetime, days: int) -> Backtest | NotEstimable:
    """Fit on what was known `days` ago, and count what came since."""
    then = window_before(as_of, days)
    people = histories(view, shop, then)
    if (refusal := _too_little(people)) is not None:
        return refusal
    types, _ = types_of(people)
    weeks = days / DAYS_PER_WEEK
    predicted = float(bgnbd.expected_purchases(bgnbd.fit(types).parameters, types, weeks) @ types.n)
    actual = days_bought(view, shop, then, as_of, people)
    return Backtest(days=days, n_people=people.num_rows, predicted_orders=predicted, actual_orders=actual)


def _parameters(fitted: _Fit) -> dict[str, float]:
    buying, spending = fitted.buying, fitted.spending
    return {"r": buying.r, "alpha": buying.alpha, "a": buying.a, "b": buying.b} | {
        "p": spending.p, "q": spending.q, "v": spending.v,
    }  # fmt: skip
