"""The people of a synthetic shop as columns, without files or a store: the quick way to a world of known effects.

The same seed gives the same people, orders and reactions as `eval.gym.shop`; cohorts follow the product's rules
(`tools.cohorts.rules`), worked out on arrays.
"""

from dataclasses import dataclass

import numpy as np

from eval.gym.abuse import NOBODY
from eval.gym.behaviour import MINOR_PER_CENT, Orders
from eval.gym.catalogue import Catalogue, Flags, Floats, Ints
from eval.gym.dates import FIRST_DAY, N_DAYS, PEAK_DAYS
from eval.gym.events import EVENT_ROWS
from eval.gym.history import last_states, order_history
from eval.gym.people import People, make_people
from eval.gym.responses import Start
from eval.gym.shelves import make_catalogue
from memory.domain.cohort import COHORTS
from tools.cohorts.rules import Thresholds

CHANNELS = ("email", "sms", "push")
"""Channels by position."""


@dataclass(frozen=True)
class Crowd:
    """A shop on day 0; one entry per person unless said otherwise. Money is in euro cents of list price."""

    start: Start
    """Where the simulation begins."""
    orders: Orders
    """All orders before day 0."""
    cohort: Ints
    """Position in `COHORTS`; -1 for those who did not buy in the peak."""
    margin: Floats
    """Expected list price less cost of goods of one order, by what the person likes; 0 for accounts of a ring."""
    basket: Floats
    """Expected list price of one order."""
    allows: Flags
    """(n, channels): whether the person may be reached on day 0."""

    @property
    def people(self) -> People:
        """Everyone."""
        return self.start.people

    @property
    def members(self) -> Ints:
        """Positions of the peak's buyers, whom a plan is for."""
        return np.flatnonzero(self.cohort >= 0)

    def share_above(self, least_minor: int) -> float:
        """Give the share of past orders whose list price reaches a sum."""
        return float((order_values(self.start.goods, self.orders)[0] >= least_minor).mean())


def make_crowd(seed: int, n_customers: int) -> Crowd:
    """Give the shop of a seed: `n_customers` people with a year of orders, nothing written anywhere."""
    people, goods = make_people(seed, n_customers), make_catalogue(seed)
    orders = order_history(seed, people, goods)
    last_day, parcel, depth = last_states(people, orders)
    start = Start(seed, people, goods, N_DAYS, last_day, parcel, depth, orders.n, EVENT_ROWS.empty_table())
    basket, margin = _by_taste(people, goods, orders)
    margin = np.where(people.abuse.ring == NOBODY, margin, 0.0)  # what rings order is sent or charged back
    reachable = ~people.left & ~people.bounces
    allows = np.column_stack([people.allows_email & reachable, people.allows_sms, people.allows_push])
    return Crowd(start, orders, cohorts_of(people, orders), margin, basket, allows)


def order_values(goods: Catalogue, orders: Orders) -> tuple[Floats, Floats]:
    """Give list price and list price less cost of goods per order, in euro cents."""
    there, sku = orders.sku >= 0, np.maximum(orders.sku, 0)
    price = np.where(there, goods.price_minor[sku] * orders.quantity, 0).sum(axis=1)
    cost = np.where(there, goods.cost_minor[sku] * orders.quantity, 0).sum(axis=1)
    return price.astype(np.float64), (price - cost).astype(np.float64)


def cohorts_of(people: People, orders: Orders) -> Ints:
    """Give each person's cohort as a position in `COHORTS`; -1 for those who did not buy in the last peak."""
    at, n = Thresholds(), people.n
    first, last = ((day - FIRST_DAY).days for day in PEAK_DAYS[1])
    is_peak, before = (orders.day >= first) & (orders.day <= last), orders.day < first
    gross = orders.line_total() / MINOR_PER_CENT[people.place[orders.person]]
    n_orders = _count(n, orders.person)
    depth = np.bincount(orders.person, orders.discount / np.maximum(orders.line_total(), 1), n) / np.maximum(
        n_orders, 1
    )
    share = np.bincount(orders.person, orders.discount > 0, n) / np.maximum(n_orders, 1)
    money = np.bincount(orders.person, gross * (1 - orders.discount / np.maximum(orders.line_total(), 1)), n)
    bought, known = (_count(n, orders.person[which]) > 0 for which in (is_peak, before))
    recent = _count(n, orders.person[before & (orders.day >= first - at.dormant_days)]) > 0
    discount = (share >= at.discount_order_share) & (np.round(depth * 1e6) >= at.discount_depth_rate * 1e6)
    vip = known & (n_orders >= at.vip_min_orders) & (_fifth(money, n_orders > 0) >= at.vip_min_quintile)
    rules = (vip, known & (~recent | ~discount), discount, np.ones(n, dtype=np.bool_))
    found = np.select(rules, range(len(COHORTS)), default=-1)
    cohort: Ints = np.where(bought, found, -1).astype(np.int64)
    return cohort


def _count(n: int, person: Ints) -> Ints:
    return np.bincount(person, minlength=n)


def _fifth(money: np.ndarray, counts: Flags) -> Ints:
    rank = np.empty(len(money), dtype=np.int64)
    order = np.lexsort((np.arange(len(money)), money, counts))
    rank[order] = np.arange(len(money)) - int((~counts).sum())
    return np.where(counts, 1 + rank * 5 // max(int(counts.sum()), 1), 0)


def _by_taste(people: People, goods: Catalogue, orders: Orders) -> tuple[Floats, Floats]:
    price, margin = order_values(goods, orders)
    taste = people.taste[orders.person]
    n = np.maximum(np.bincount(taste, minlength=int(people.taste.max()) + 1), 1)
    return (np.bincount(taste, price)[: len(n)] / n)[people.taste], (np.bincount(taste, margin)[: len(n)] / n)[
        people.taste
    ]
