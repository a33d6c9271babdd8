"""The records before the plan: every order from the first day to the evening of Cyber Monday."""

import numpy as np

from .abuse import NOBODY
from .behaviour import NEVER, Bought, Orders, Standing, daily_chance, make_orders
from .catalogue import Catalogue, Flags, Floats, Ints
from .dates import N_DAYS, peak_mask
from .lanes import Fate, lanes_of
from .people import LATENT, People
from .shelves import tides

_RATES = np.array([0.0, 0.25, 0.10, 0.05])
"""What each of `behaviour.CODES` takes off."""


def order_history(seed: int, people: People, goods: Catalogue) -> Orders:
    """Simulate day by day who orders, then fill all baskets at once; sorted by time.

    One step per day, all people at a time: no loop over customers.
    """
    bought, fate = _who_and_when(seed, people, goods)
    orders = make_orders(np.random.default_rng([seed, 14]), people, goods, bought, fate)
    return orders.take(np.lexsort((orders.person, orders.second, orders.day)))


def _who_and_when(seed: int, people: People, goods: Catalogue) -> tuple[Bought, Fate]:
    rng = np.random.default_rng([seed, 13])
    standing = nobody_yet(people.n)
    is_peak, tide, lanes = peak_mask(), tides(goods, range(N_DAYS)), lanes_of(seed)
    found: list[Bought] = []
    fates: list[Fate] = []
    for day in range(N_DAYS):
        chance = daily_chance(people, day, standing, tide[day], peak=bool(is_peak[day]))
        again = (rng.random(people.n) < chance) & (standing.last_day != NEVER)
        who = np.flatnonzero(again | (people.first_day == day))
        rate, code = _discounts(rng, people, who, day, in_peak=bool(is_peak[day]))
        days = np.full(len(who), day)
        fates.append(lanes.fate(people.lane[who], days, rng.random(len(who))))
        standing.ordered(who, day, fates[-1].outcome, rate)
        found.append(Bought(who, days, rate, code))
    return (
        Bought(*(np.concatenate(parts) for parts in zip(*found, strict=True))),
        Fate(*(np.concatenate(parts) for parts in zip(*fates, strict=True))),
    )


def nobody_yet(n: int) -> Standing:
    """Give the standing of `n` people who never ordered."""
    return Standing(np.full(n, NEVER, dtype=np.int64), np.zeros(n, dtype=np.int64), np.zeros(n))


def _discounts(
    rng: np.random.Generator, people: People, person: Ints, day: int, *, in_peak: bool
) -> tuple[Floats, Ints]:
    """Give the share taken off and the code used: deep in the peak, small or none on other days.

    Accounts of a ring never order for the first time without the welcome code.
    """
    hunts: Flags = people.latent[person] == LATENT.index("bargain")
    is_first = people.first_day[person] == day
    luck = rng.random(len(person))
    welcomed = luck < np.where(people.abuse.ring[person] != NOBODY, 1.0, np.where(hunts, 0.65, 0.25))
    code = np.where(is_first & welcomed, 2, 0)
    code = np.where(~is_first & (luck < np.where(hunts, 0.60, 0.12)), 3, code)
    if in_peak:
        code = np.where(luck < np.where(hunts, 0.97, 0.80), 1, code)
    return _RATES[code], code.astype(np.int64)


def last_states(people: People, orders: Orders) -> Standing:
    """Give what each person's last order left behind."""
    standing = nobody_yet(people.n)
    depth = orders.discount / np.maximum(orders.line_total(), 1)
    # sorted by time: the last write is the latest order
    standing.ordered(orders.person, 0, orders.parcel, depth)
    standing.last_day[orders.person] = orders.day
    return standing
