"""`python -m eval.gym.calibration [--data DIR]`: how the gym's people come back and buy beside those of real shops.

Everything is counted alike: an order is a day on which somebody ordered, whole windows only, by people whose first
order is known to be their first. With `--data` (a folder with the tables of `eval.real`) the real ones stand beside.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from .behaviour import MINOR_PER_CENT, Orders
from .catalogue import Flags, Floats, Ints
from .dates import FIRST_DAY, N_DAYS, PEAK_DAYS
from .history import order_history
from .people import People, make_people
from .shelves import make_catalogue

N_CUSTOMERS, SEED = 20_000, 20251202
WITHIN_DAYS = (30, 90, 180, 273)
COUNT_DAYS = 180
"""Window in which orders per buyer and the days between them are counted: the longest that all sets know."""
QUANTILES = (0.10, 0.25, 0.75, 0.90, 0.99)
CDNOW, RETAIL = "cdnow_sample.parquet", "online_retail_ii_to_2011_06.parquet"
_CDNOW = """
SELECT sample_id AS person, date_diff('day', DATE '1997-01-01', date::DATE) AS day, sum(value)::DOUBLE AS money
FROM read_parquet($file) GROUP BY ALL ORDER BY ALL
"""
_RETAIL = """
SELECT customer_id AS person, date_diff('day', DATE '2009-12-01', invoice_date::DATE) AS day,
  sum(quantity * unit_price)::DOUBLE AS money FROM read_parquet($file)
WHERE customer_id IS NOT NULL AND quantity > 0 AND unit_price > 0 AND NOT regexp_matches(invoice, '^[CA]')
GROUP BY ALL ORDER BY ALL
"""
_RETAIL_PEAK, _RETAIL_SUMMER = (335, 388), (182, 303)
"""Days from 2009-12-01 on: November to 24 December 2010, and June to September of that year."""


class Purchases(NamedTuple):
    """Days on which people ordered, sorted by person and day, each once."""

    person: Ints
    """Who, 0 and up."""
    day: Ints
    """When, counted from any day."""
    money: Floats
    """What the day's orders came to."""


class Habits(NamedTuple):
    """How one group of new buyers comes back and buys."""

    name: str
    """The group."""
    n_people: int
    """New buyers."""
    back: tuple[float | None, ...]
    """Share back within each of `WITHIN_DAYS`; none where no window is whole."""
    counts: tuple[float, ...]
    """Shares with one, two, three, four, and five or more orders within `COUNT_DAYS`."""
    gaps: tuple[float, ...]
    """Days between orders within `COUNT_DAYS`: first quartile, median, third quartile."""
    spread: float
    """Coefficient of variation of baskets."""
    baskets: tuple[float, ...]
    """Quantiles (`QUANTILES`) of baskets over their median."""


def habits(name: str, bought: Purchases, who: Flags) -> Habits:
    """Measure the people marked in `who`; every window is whole or left out."""
    first = np.full(len(who), np.iinfo(np.int64).max)
    np.minimum.at(first, bought.person, bought.day)
    since, last = bought.day - first[bought.person], int(bought.day.max())
    counted = who & (first <= last - COUNT_DAYS)
    mine = counted[bought.person] & (since <= COUNT_DAYS)
    n_orders = np.bincount(bought.person[mine], minlength=len(who))[counted]
    same = (bought.person[1:] == bought.person[:-1]) & mine[1:]
    money = bought.money[who[bought.person] & (bought.money > 0)]
    return Habits(
        name=name,
        n_people=int(who.sum()),
        back=tuple(_back(bought, since, who & (first <= last - within), within) for within in WITHIN_DAYS),
        counts=(*(float((n_orders == k).mean()) for k in range(1, 5)), float((n_orders >= 5).mean())),
        gaps=tuple(np.quantile(np.diff(bought.day)[same], (0.25, 0.5, 0.75)).tolist()),
        spread=float(money.std() / money.mean()),
        baskets=tuple((np.quantile(money, QUANTILES) / np.median(money)).tolist()),
    )


def of_gym(people: People, orders: Orders) -> tuple[Habits, ...]:
    """Measure the gym's people: all, those of the last year's peak, and those of other days."""
    euro = (orders.line_total() - orders.discount) / MINOR_PER_CENT[people.place[orders.person]]
    bought = by_day(orders.person, orders.day, euro)
    start, end = ((day - FIRST_DAY).days for day in PEAK_DAYS[0])
    known = people.first_day < N_DAYS - 1
    peak = (people.first_day >= start) & (people.first_day <= end)
    ordinary = known & ~peak & (people.first_day < (PEAK_DAYS[1][0] - FIRST_DAY).days)
    groups = (("the gym, all", known), ("the gym, new in the peak", peak), ("the gym, new on other days", ordinary))
    return tuple(habits(name, bought, who) for name, who in groups)


def of_real(folder: Path) -> tuple[Habits, ...]:
    """Measure the new buyers of both real sets."""
    cdnow, retail = _read(folder / CDNOW, _CDNOW), _read(folder / RETAIL, _RETAIL)
    first = np.full(int(retail.person.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, retail.person, retail.day)
    peak, summer = ((first >= low) & (first <= high) for low, high in (_RETAIL_PEAK, _RETAIL_SUMMER))
    return (
        habits("Online Retail II, new Nov-Dec 2010", retail, peak),
        habits("Online Retail II, new Jun-Sep 2010", retail, summer),
        habits("CDNOW, new Jan-Mar 1997", cdnow, np.ones(int(cdnow.person.max()) + 1, dtype=np.bool_)),
    )


def by_day(person: Ints, day: Ints, money: Floats) -> Purchases:
    """Sum orders of one person and day."""
    width = int(day.max()) + 1
    keys, place = np.unique(person.astype(np.int64) * width + day, return_inverse=True)
    summed: Floats = np.bincount(place, money).astype(np.float64)
    return Purchases(keys // width, keys % width, summed)


def table(found: Sequence[Habits]) -> str:
    """Write groups as Markdown tables: coming back, orders and gaps, baskets."""
    days = [f"{within} d" for within in WITHIN_DAYS]
    counts = [*(f"{k}" for k in range(1, 5)), "5 and more"]
    shares = [f"p{q * 100:.0f}" for q in QUANTILES]
    return "\n".join(
        (
            *_rows(
                ["back within", "new buyers", *days],
                ([one.name, f"{one.n_people:,}", *map(_share, one.back)] for one in found),
            ),
            "",
            *_rows(
                [f"orders in {COUNT_DAYS} d", *counts, "days between, quartiles"],
                ([one.name, *map(_share, one.counts), ", ".join(f"{gap:.0f}" for gap in one.gaps)] for one in found),
            ),
            "",
            *_rows(
                ["baskets over their median", *shares, "coefficient of variation"],
                ([one.name, *(f"{value:.2f}" for value in one.baskets), f"{one.spread:.2f}"] for one in found),
            ),
        )
    )


def main(words: list[str]) -> int:
    """Print the gym's habits, and those of the real sets where their folder is given."""
    parser = argparse.ArgumentParser(prog="eval.gym.calibration", description=__doc__)
    parser.add_argument("--data", type=Path, help="Folder with the real tables.")
    parser.add_argument("--customers", type=int, default=N_CUSTOMERS)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args(words)
    people, goods = make_people(asked.seed, asked.customers), make_catalogue(asked.seed)
    found = of_gym(people, order_history(asked.seed, people, goods))
    sys.stdout.write(table((*found, *(of_real(asked.data) if asked.data else ()))) + "\n")
    return 0


def _back(bought: Purchases, since: Ints, whole: Flags, within: int) -> float | None:
    if not whole.any():
        return None
    again = np.zeros(len(whole), dtype=np.bool_)
    again[bought.person[(since > 0) & (since <= within)]] = True
    return float(again[whole].mean())


def _read(path: Path, query: str) -> Purchases:
    with duckdb.connect() as connection:
        found: pa.Table = connection.sql(query, params={"file": str(path)}).to_arrow_table()
    person, day, money = (found[name].to_numpy() for name in ("person", "day", "money"))
    return by_day(np.unique(person, return_inverse=True)[1].astype(np.int64), day.astype(np.int64), money)


def _rows(head: list[str], body: Iterable[list[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {' | '.join(cells)} |" for cells in body)]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
