"""The records before the plan: every order from the first day to the evening of Cyber Monday."""

import numpy as np

from .behaviour import NEVER, Orders, daily_chance, make_orders
from .catalogue import Catalogue, Flags, Floats, Ints
from .people import N_DAYS, People, peak_mask


def order_history(seed: int, people: People, goods: Catalogue) -> Orders:
    """Simulate day by day who orders, then fill all baskets at once; sorted by time.

    One step per day, all people at a time: no loop over customers.
    """
    person, day = _who_and_when(seed, people)
    rng = np.random.default_rng([seed, 14])
    rate, code = _discounts(rng, people, person, day)
    orders = make_orders(rng, people, goods, person, day, rate, code)
    return orders.take(np.lexsort((orders.person, orders.second, orders.day)))


def _who_and_when(seed: int, people: People) -> tuple[Ints, Ints]:
    rng = np.random.default_rng([seed, 13])
    last_day = np.full(people.n, NEVER, dtype=np.int64)
    was_late: Flags = np.zeros(people.n, dtype=np.bool_)
    depth: Floats = np.zeros(people.n)
    is_peak = peak_mask()
    who: list[Ints] = []
    when: list[Ints] = []
    for day in range(N_DAYS):
        chance = daily_chance(people, day, last_day, was_late, depth, peak=bool(is_peak[day]))
        chance = np.where(last_day == NEVER, 0.0, chance)
        orders = (rng.random(people.n) < chance) | (people.first_day == day)
        buyers = np.flatnonzero(orders)
        last_day[buyers] = day
        who.append(buyers)
        when.append(np.full(len(buyers), day))
    return np.concatenate(who), np.concatenate(when)


def _discounts(rng: np.random.Generator, people: People, person: Ints, day: Ints) -> tuple[Floats, Ints]:
    """Give the share taken off and the code used: deep in the peak, small or none on other days."""
    n = len(person)
    in_peak = peak_mask()[day]
    hunts = people.latent[person] == 2
    is_first = day == people.first_day[person]
    luck = rng.random(n)
    code = np.where(is_first & (luck < np.where(hunts, 0.65, 0.25)), 2, 0)
    code = np.where(~is_first & (luck < np.where(hunts, 0.60, 0.12)), 3, code)
    code = np.where(in_peak & (luck < np.where(hunts, 0.97, 0.80)), 1, code)
    rate = np.array([0.0, 0.25, 0.10, 0.05])[code]
    return rate, code.astype(np.int64)


def last_states(people: People, orders: Orders) -> tuple[Ints, Flags, Floats]:
    """Give per person the day of the last order, whether it came late, and how deep its discount was."""
    last_day = np.full(people.n, NEVER, dtype=np.int64)
    was_late = np.zeros(people.n, dtype=np.bool_)
    depth = np.zeros(people.n)
    total = np.maximum(orders.line_total(), 1)
    last_day[orders.person] = orders.day  # sorted by time: the last write is the latest order
    was_late[orders.person] = orders.late_days > 2
    depth[orders.person] = orders.discount / total
    return last_day, was_late, depth
