"""What people do by themselves: when they order again, what they put into the basket, how the parcel fares."""

from typing import NamedTuple

import numpy as np

from .catalogue import CATEGORIES, Catalogue, Flags, Floats, Ints
from .people import PEAK_PULL, People
from .places import PLACES

NEVER = -(10**6)
"""The day of an order that never was."""
N_LINES = 4
"""Most lines of one order."""
CODES = ("", "BFCM25", "WELCOME10", "THANKS5")
"""Discount codes by number; 0 is none."""
LATE = 0.6
"""What a late parcel leaves of the daily chance of an order."""
SOON, SOON_DAYS = 1.5, 25.0
"""By how much the chance is raised right after an order, and after how many days 37 % of that is left."""
MOST_DEPTH = 0.5
"""Up to this depth the discount that won the last order lowers the chance."""
MINOR_PER_CENT = np.array([row.price_factor * (0.01 if row.currency == "JPY" else 1.0) for row in PLACES])
"""Per market, minor units of its currency per euro cent of list price."""


def daily_chance(people: People, day: int, last_day: Ints, was_late: Flags, depth: Floats, *, peak: bool) -> Floats:
    """Give each person's chance of a further order on `day`, without any message.

    It rises for some weeks after an order, falls after a late parcel, and falls with the depth of the
    discount that won the last order; on a peak day the pull of the peak multiplies it.
    """
    since = np.maximum(day - last_day, 0)
    recency = np.where(since < 4, 0.25, 1.0 + SOON * np.exp(-since / SOON_DAYS))
    chance = people.rate * recency * np.where(was_late, LATE, 1.0) * (1.0 - np.minimum(depth, MOST_DEPTH))
    if peak:
        chance = chance * PEAK_PULL[people.latent]
    return np.minimum(chance, 0.5)


class Orders(NamedTuple):
    """Orders as columns; money in minor units of the market's currency, lines padded to `N_LINES`."""

    person: Ints
    """Position of the buyer."""
    day: Ints
    """Day counted from the first day of the records."""
    second: Ints
    """Second of the shop's local day."""
    code: Ints
    """Position in `CODES`, or -1 where `offer` names the code."""
    sku: Ints
    """Articles, shape (n, N_LINES), -1 where there is no line."""
    quantity: Ints
    """Units, same shape."""
    price: Ints
    """Unit price, same shape."""
    discount: Ints
    """Discount of the order, spread over its lines by `line_discount`."""
    shipping: Ints
    """Shipping paid."""
    tax: Ints
    """Tax added."""
    is_gift: Flags
    """Whether it was bought as a gift."""
    in_app: Flags
    """Whether it was placed in the app."""
    late_days: Ints
    """Days the parcel came late; negative is early."""
    returned: Flags
    """Whether it came back."""

    @property
    def n(self) -> int:
        """How many they are."""
        return len(self.person)

    def line_total(self) -> Ints:
        """Goods before discount, per order."""
        total: Ints = (self.quantity * self.price).sum(axis=1)
        return total

    def take(self, index: Ints) -> "Orders":
        """Give the orders at these positions, in this order."""
        return Orders(**{name: column[index] for name, column in self._asdict().items()})


def make_orders(
    rng: np.random.Generator, people: People, goods: Catalogue, person: Ints, day: Ints, rate: Floats, code: Ints
) -> Orders:
    """Fill the baskets of the orders of `person` on `day`; `rate` is the share that `code` takes off."""
    n = len(person)
    place = people.place[person]
    sku, quantity = _lines(rng, people, goods, person)
    price = np.where(sku >= 0, shelf_price(goods.price_minor[sku], place[:, None]), 0)
    goods_total = (quantity * price).sum(axis=1)
    discount = np.round(goods_total * rate).astype(np.int64)
    net = goods_total - discount
    free = net >= np.array([row.free_from_minor for row in PLACES])[place]
    shipping = np.where(free, 0, np.array([row.shipping_minor for row in PLACES])[place])
    in_app = people.in_app[person] & (rng.random(n) < 0.7)
    returned = rng.random(n) < np.array([row.return_rate for row in CATEGORIES])[goods.category[sku[:, 0]]]
    return Orders(
        person=person,
        day=day,
        second=np.clip(rng.normal(15.5, 4.0, n) * 3600, 7_200, 86_340).astype(np.int64),
        code=code,
        sku=sku,
        quantity=quantity,
        price=price,
        discount=discount,
        shipping=shipping,
        tax=np.round(net * np.array([row.tax_rate for row in PLACES])[place]).astype(np.int64),
        is_gift=people.gives[person] & (rng.random(n) < 0.6),
        in_app=in_app,
        late_days=np.round(rng.gamma(1.2, 1.3, n) - 1.4).astype(np.int64),
        returned=returned,
    )


def shelf_price(euro_minor: Ints, place: Ints) -> Ints:
    """Give the price on the shelf of a market for a list price in euro cents."""
    factor = np.array([row.price_factor for row in PLACES])[place]
    step = np.array([row.shelf_step for row in PLACES])[place]
    ending = np.array([row.shelf_ending for row in PLACES])[place]
    scale = np.array([0.01 if row.currency == "JPY" else 1.0 for row in PLACES])[place]
    shelf: Ints = (np.ceil(euro_minor * factor * scale / step) * step - ending).astype(np.int64)
    return shelf


def _lines(rng: np.random.Generator, people: People, goods: Catalogue, person: Ints) -> tuple[Ints, Ints]:
    n = len(person)
    n_lines = 1 + rng.choice(N_LINES, n, p=(0.55, 0.27, 0.12, 0.06))
    wanders = rng.random(n) < 0.35
    start = np.where(wanders, rng.choice(len(CATEGORIES), n, p=[row.share for row in CATEGORIES]), people.taste[person])
    partner = np.array([row.partner for row in CATEGORIES])[start]
    sku = np.full((n, N_LINES), -1, dtype=np.int64)
    for line in range(N_LINES):
        category = start if line == 0 else np.where(rng.random(n) < 0.5, partner, start)
        chosen = _pick(rng, goods, category)
        repeated = (sku[:, :line] == chosen[:, None]).any(axis=1)
        sku[:, line] = np.where((line < n_lines) & ~repeated, chosen, -1)
    quantity = np.where(sku >= 0, 1 + (rng.random((n, N_LINES)) < 0.18), 0)
    return sku, quantity.astype(np.int64)


def _pick(rng: np.random.Generator, goods: Catalogue, category: Ints) -> Ints:
    """Draw one article of each given category by popularity."""
    per = len(goods.sku) // len(CATEGORIES)
    ladder = np.cumsum(goods.popularity.reshape(len(CATEGORIES), per), axis=1)
    step = (rng.random(len(category))[:, None] > ladder[category]).sum(axis=1)
    chosen: Ints = category * per + np.minimum(step, per - 1)
    return chosen
