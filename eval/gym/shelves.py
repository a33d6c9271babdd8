"""What is on the shelves: articles sell out and come back, day by day, and what that does to who orders.

How many units there are follows from the seed alone, not from who orders: if one person's order could empty the shelf
for another, messages to one would change the other, and nobody's true effect would be known.
"""

from collections.abc import Sequence

import numpy as np

from .catalogue import CATEGORIES, N_PER_CATEGORY, Catalogue, Flags, Floats, Ints, make_articles
from .dates import N_AHEAD, N_DAYS, peak_mask, season

GIVES_UP = 0.5
"""Share of people who order nothing when what they came for is sold out; the others take another article."""
PEAK_SALES = 6.0
"""How many times faster shelves empty in a peak."""
_LEAST_STOCK, _MOST_STOCK = 60, 900


def make_catalogue(seed: int) -> Catalogue:
    """Give the catalogue of a seed with its shelves: the same seed gives the same articles on the same days."""
    goods = make_articles(seed)
    units = draw_units(seed, goods.popularity)
    return goods._replace(units=units, stock=units[N_DAYS])


def draw_units(seed: int, popularity: Floats) -> Ints:
    """Give (days, articles) units on hand each morning, from the first day of the records on.

    An article sells by its popularity and is bought in again some weeks after the last time; what sells faster than
    that is sold out for the days between.
    """
    rng = np.random.default_rng([seed, 17])
    n, n_days = len(popularity), N_DAYS + N_AHEAD
    level = rng.integers(_LEAST_STOCK, _MOST_STOCK, n).astype(np.float64)
    every = rng.integers(28, 70, n)
    # a lucky buyer orders for longer than goods last: one in eight runs out before the next delivery
    sells = level / (every * rng.lognormal(0.55, 0.45, n)) * np.clip(popularity * N_PER_CATEGORY, 0.6, 1.5)
    next_in = rng.integers(1, every + 1)
    hand, units = level * rng.random(n), np.empty((n_days, n), dtype=np.int64)
    busy = np.where(np.concatenate([peak_mask(), np.zeros(N_AHEAD, dtype=np.bool_)]), PEAK_SALES, 1.0)
    pace = busy * season(np.arange(n_days))
    for day in range(n_days):
        bought_in = next_in == day
        hand = np.where(bought_in, np.maximum(hand, level), hand)
        next_in = np.where(bought_in, day + np.maximum(every + rng.integers(-5, 6, n), 7), next_in)
        units[day] = np.floor(hand)
        hand = np.maximum(hand - sells * pace[day], 0.0)
    return units


def on_shelf(goods: Catalogue, days: Ints) -> Flags:
    """Give (days, articles) what is to be had; everything on days that no shelf is known for."""
    known = (days >= 0) & (days < len(goods.units))
    found = np.ones((len(days), len(goods.sku)), dtype=np.bool_)
    found[known] = goods.units[days[known]] > 0
    return found


def tides(goods: Catalogue, days: Sequence[int] | Ints) -> Floats:
    """Give (days, categories) what season and shelves make of the chance of people with each favourite category."""
    on = np.asarray(days, dtype=np.int64)
    missed = np.where(on_shelf(goods, on), 0.0, goods.popularity)
    gone = missed.reshape(len(on), len(CATEGORIES), N_PER_CATEGORY).sum(axis=2)
    found: Floats = season(on)[:, None] * (1.0 - GIVES_UP * gone)
    return found


def pick(rng: np.random.Generator, goods: Catalogue, category: Ints, day: Ints) -> Ints:
    """Draw one article of each given category by popularity among what is on the shelf that day."""
    first, last = int(day.min(initial=0)), int(day.max(initial=0))
    weight = np.where(on_shelf(goods, np.arange(first, last + 1)), goods.popularity, 1e-9)
    ladder = np.cumsum(weight.reshape(-1, len(CATEGORIES), N_PER_CATEGORY), axis=2)
    ladder /= ladder[:, :, -1:]
    step = (rng.random(len(category))[:, None] > ladder[day - first, category]).sum(axis=1)
    chosen: Ints = category * N_PER_CATEGORY + np.minimum(step, N_PER_CATEGORY - 1)
    return chosen
