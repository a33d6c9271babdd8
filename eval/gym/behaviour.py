"""What people do by themselves: when they order again, what they put into the basket, how the parcel fares."""

from typing import NamedTuple

import numpy as np

from .abuse import CHARGED_BACK, NOBODY
from .catalogue import CATEGORIES, Catalogue, Flags, Floats, Ints
from .lanes import CARE, LANES, LOST, NEVER_ARRIVES, Fate
from .people import PEAK_PULL, People
from .places import PLACES
from .shelves import pick

NEVER = -(10**6)
"""The day of an order that never was."""
N_LINES = 4
"""Most lines of one order."""
LINES = (0.40, 0.36, 0.17, 0.07)
"""Shares of orders with one line, two, and so on."""
MANY_LOG, MANY_SPREAD = -2.5, 1.9
"""The normal law of the logarithm of an order's further units per line; fitted to real baskets (`calibration`)."""
MOST_UNITS = 12
"""Most units of one line besides the first."""
MADE_GOOD = 0.8
"""Share of lost parcels whose money goes back."""
CODES = ("", "BFCM25", "WELCOME10", "THANKS5")
"""Discount codes by number; 0 is none."""
DIP, DIP_DAYS = 0.25, 5
"""What is left of the chance in the first days after an order, and how many those are."""
SOON, SOON_DAYS = 5.8, 19.0
"""By how much the chance is raised after them, and after how many days 37 % of that is left; fitted (`calibration`)."""
MOST_DEPTH = 0.5
"""Up to this depth the discount that won the last order lowers the chance."""
MOST_CHANCE = 0.5
"""A day's chance of an order never exceeds it without messages ..."""
MOST_LIFTED = 0.6
"""... and with them."""
MINOR_PER_CENT = np.array([row.price_factor * (0.01 if row.currency == "JPY" else 1.0) for row in PLACES])
"""Per market, minor units of its currency per euro cent of list price."""


def recency(since: Ints) -> Floats:
    """Give what the days since the last order make of the chance: little at first, much for some weeks, then 1."""
    factor: Floats = np.where(since < DIP_DAYS, DIP, 1.0 + SOON * np.exp(-since / SOON_DAYS))
    return factor


class Standing(NamedTuple):
    """What each person's last order left behind; arrays are changed in place as people order."""

    last_day: Ints
    """Its day; `NEVER` for none."""
    parcel: Ints
    """What became of its parcel (`lanes.ON_TIME` and so on)."""
    depth: Floats
    """How deep its discount was, 0..1."""

    def copy(self) -> "Standing":
        """Give one of its own arrays."""
        return Standing(self.last_day.copy(), self.parcel.copy(), self.depth.copy())

    def ordered(self, who: Ints, day: int, parcel: Ints, depth: Floats | float = 0.0) -> None:
        """Take in that these people ordered on `day`."""
        self.last_day[who], self.parcel[who], self.depth[who] = day, parcel, depth


def daily_chance(people: People, day: int, standing: Standing, tide: Floats, *, peak: bool) -> Floats:
    """Give each person's chance of a further order on `day`, without any message.

    `tide` (categories) is what season and shelves make of it (`shelves.tides`). The chance rises for some weeks after
    an order, falls after a late or lost parcel, and falls with the depth of the discount that won the last order; on a
    peak day the pull of the peak multiplies it.
    """
    since = np.maximum(day - standing.last_day, 0)
    kept = CARE[standing.parcel] * (1.0 - np.minimum(standing.depth, MOST_DEPTH))
    chance = people.rate * recency(since) * kept * tide[people.taste]
    if peak:
        chance = chance * PEAK_PULL[people.latent]
    return np.minimum(chance, MOST_CHANCE)


class Bought(NamedTuple):
    """Who orders when, and with what off; one entry per order."""

    person: Ints
    """Position of the buyer."""
    day: Ints
    """Day counted from the first day of the records."""
    rate: Floats
    """Share of the goods that the code takes off."""
    code: Ints
    """Position in `CODES`."""


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
    """Days the parcel came after the promised day; negative is early, of no meaning where it is lost."""
    parcel: Ints
    """What became of the parcel (`lanes.ON_TIME`, `LATE`, `LOST`)."""
    arrival_day: Ints
    """The day on which it truly arrived, scanned or not; `lanes.NEVER_ARRIVES` where it is lost."""
    scanned: Flags
    """Whether anybody scanned its arrival: without, no file says that it came."""
    returned: Flags
    """Whether it came back."""
    refunded: Flags
    """Whether its money goes back: it came back, was lost and complained about, or was charged back."""

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


def make_orders(rng: np.random.Generator, people: People, goods: Catalogue, bought: Bought, fate: Fate) -> Orders:
    """Fill the baskets of orders whose parcels meet with `fate`."""
    person, day, rate = bought.person, bought.day, bought.rate
    n = len(person)
    place = people.place[person]
    sku, quantity = _lines(rng, people, goods, bought)
    price = np.where(sku >= 0, shelf_price(goods.price_minor[sku], place[:, None]), 0)
    goods_total = (quantity * price).sum(axis=1)
    discount = np.round(goods_total * rate).astype(np.int64)
    net = goods_total - discount
    free = net >= np.array([row.free_from_minor for row in PLACES])[place]
    shipping = np.where(free, 0, np.array([row.shipping_minor for row in PLACES])[place])
    in_app = people.in_app[person] & (rng.random(n) < 0.7)
    is_lost = fate.outcome == LOST
    sent_back = rng.random(n) < np.array([row.return_rate for row in CATEGORIES])[goods.category[sku[:, 0]]]
    charged_back = (people.abuse.ring[person] != NOBODY) & (rng.random(n) < CHARGED_BACK)
    unscanned = np.array([row.unscanned_rate for row in LANES])[people.lane[person]]
    usual = np.array([row.delivery_days for row in PLACES])[place]
    return Orders(
        person=person,
        day=day,
        second=np.clip(rng.normal(15.5, 4.0, n) * 3600, 7_200, 86_340).astype(np.int64),
        code=bought.code,
        sku=sku,
        quantity=quantity,
        price=price,
        discount=discount,
        shipping=shipping,
        tax=np.round(net * np.array([row.tax_rate for row in PLACES])[place]).astype(np.int64),
        is_gift=people.gives[person] & (rng.random(n) < 0.6),
        in_app=in_app,
        late_days=fate.late_days,
        parcel=fate.outcome,
        arrival_day=np.where(is_lost, NEVER_ARRIVES, day + np.maximum(usual + fate.late_days, 1)),
        scanned=~is_lost & (rng.random(n) >= unscanned),
        returned=sent_back & ~is_lost,
        refunded=(sent_back & ~is_lost) | charged_back | (is_lost & (rng.random(n) < MADE_GOOD)),
    )


def shelf_price(euro_minor: Ints, place: Ints) -> Ints:
    """Give the price on the shelf of a market for a list price in euro cents."""
    factor = np.array([row.price_factor for row in PLACES])[place]
    step = np.array([row.shelf_step for row in PLACES])[place]
    ending = np.array([row.shelf_ending for row in PLACES])[place]
    scale = np.array([0.01 if row.currency == "JPY" else 1.0 for row in PLACES])[place]
    shelf: Ints = (np.ceil(euro_minor * factor * scale / step) * step - ending).astype(np.int64)
    return shelf


def _lines(rng: np.random.Generator, people: People, goods: Catalogue, bought: Bought) -> tuple[Ints, Ints]:
    person, n = bought.person, len(bought.person)
    n_lines = 1 + rng.choice(N_LINES, n, p=LINES)
    wanders = rng.random(n) < 0.35
    start = np.where(wanders, rng.choice(len(CATEGORIES), n, p=[row.share for row in CATEGORIES]), people.taste[person])
    partner = np.array([row.partner for row in CATEGORIES])[start]
    sku = np.full((n, N_LINES), -1, dtype=np.int64)
    for line in range(N_LINES):
        category = start if line == 0 else np.where(rng.random(n) < 0.5, partner, start)
        chosen = pick(rng, goods, category, bought.day)
        repeated = (sku[:, :line] == chosen[:, None]).any(axis=1)
        sku[:, line] = np.where((line < n_lines) & ~repeated, chosen, -1)
    many = np.minimum(rng.lognormal(MANY_LOG, MANY_SPREAD, n), MOST_UNITS)
    more = np.minimum(rng.poisson(many[:, None], (n, N_LINES)), MOST_UNITS)
    quantity = np.where(sku >= 0, 1 + more, 0)
    return sku, quantity.astype(np.int64)
