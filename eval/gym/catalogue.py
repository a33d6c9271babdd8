"""The gym's catalogue: 120 articles in eight categories, with list price, cost and what goes with what."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

N_PER_CATEGORY = 15


class Category(NamedTuple):
    """One category of the shop."""

    id: str
    """Its name in files."""
    share: float
    """How often people come for it."""
    low_minor: int
    """Cheapest list price in euro cents."""
    high_minor: int
    """Dearest list price in euro cents."""
    cost_rate: float
    """Cost of goods as a share of list price."""
    return_rate: float
    """Share of orders that come back."""
    partner: int
    """Position of the category that goes well with it."""
    nouns: tuple[str, ...]
    """What the articles are."""


CATEGORIES: tuple[Category, ...] = (
    Category("coffee", 0.20, 600, 2700, 0.42, 0.01, 1, ("Filter Roast", "Espresso Roast", "Decaf Roast")),
    Category("brewing", 0.12, 1300, 9000, 0.48, 0.05, 0, ("Dripper", "Hand Grinder", "Kettle")),
    Category("skincare", 0.17, 1000, 4100, 0.28, 0.02, 3, ("Serum", "Cleanser", "Day Cream")),
    Category("fragrance", 0.10, 1300, 4800, 0.26, 0.03, 2, ("Scented Candle", "Room Mist", "Eau de Parfum")),
    Category("running", 0.13, 2000, 9700, 0.45, 0.16, 5, ("Road Shoe", "Trail Shoe", "Wind Jacket")),
    Category("basics", 0.12, 600, 3400, 0.38, 0.12, 4, ("Merino Sock", "Oxford Shirt", "Heavy Tee")),
    Category("tableware", 0.09, 800, 5500, 0.40, 0.04, 7, ("Stoneware Cup", "Serving Bowl", "Carafe")),
    Category("linen", 0.07, 1700, 6900, 0.44, 0.07, 6, ("Linen Towel", "Throw", "Pillow Cover")),
)
_TONES = ("Dune", "Fjord", "Moss", "Ember", "Slate")


class Catalogue(NamedTuple):
    """All articles as columns, position is the article's number."""

    sku: list[str]
    """Stock keeping units."""
    title: list[str]
    """Titles."""
    category: Ints
    """Position in `CATEGORIES`."""
    price_minor: Ints
    """List price in euro cents."""
    cost_minor: Ints
    """Cost of goods in euro cents."""
    popularity: Floats
    """Share within its category; sums to 1 per category."""
    stock: Ints
    """Units on hand after the peak."""
    units: Ints
    """(days, articles): units on hand each morning from the first day of the records on; no days where unknown."""


def make_articles(seed: int) -> Catalogue:
    """Give the articles of a seed, with plenty of each (`shelves.make_catalogue` has them sell out)."""
    rng = np.random.default_rng([seed, 11])
    category = np.repeat(np.arange(len(CATEGORIES)), N_PER_CATEGORY)
    low = np.array([row.low_minor for row in CATEGORIES])[category]
    high = np.array([row.high_minor for row in CATEGORIES])[category]
    price = low + (high - low) * rng.beta(1.3, 2.6, len(category))
    price_minor = (np.round(price / 100).astype(np.int64) * 100) - 5
    cost_rate = np.array([row.cost_rate for row in CATEGORIES])[category] * rng.uniform(0.85, 1.15, len(category))
    weights = rng.pareto(1.6, (len(CATEGORIES), N_PER_CATEGORY)) + 0.25
    number = np.tile(np.arange(N_PER_CATEGORY), len(CATEGORIES))
    titles = [f"{_TONES[k % 5]} {CATEGORIES[c].nouns[k // 5]}" for c, k in zip(category, number, strict=True)]
    skus = [f"{CATEGORIES[c].id[:3].upper()}-{k + 1:03d}" for c, k in zip(category, number, strict=True)]
    return Catalogue(
        sku=skus,
        title=titles,
        category=category,
        price_minor=price_minor,
        cost_minor=np.round(price_minor * cost_rate).astype(np.int64),
        popularity=(weights / weights.sum(axis=1, keepdims=True)).ravel(),
        stock=np.full(len(category), 500),
        units=np.zeros((0, len(category)), dtype=np.int64),
    )
