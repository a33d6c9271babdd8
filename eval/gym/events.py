"""What surrounds the orders: views, carts, app opens, deliveries, returns and reviews."""

from typing import Any

import numpy as np
import pyarrow as pa

from .abuse import FLAGGED
from .behaviour import Orders
from .catalogue import CATEGORIES, Catalogue, Ints
from .dates import N_DAYS
from .lanes import LATE, LOST
from .people import People

EVENT_ROWS = pa.schema(
    [
        ("person", pa.int64()),  # position of the person
        ("when", pa.int64()),  # local seconds since the first day of the records
        ("kind", pa.string()),
        ("channel", pa.string()),
        ("sku", pa.string()),
        ("category", pa.string()),
        ("order", pa.string()),
        ("message_id", pa.string()),
        ("device", pa.string()),
        ("value", pa.float64()),
        ("machine", pa.bool_()),
        ("referrer", pa.int64()),  # position of who recommended the shop
    ]
)
"""Events before they are written; null where a kind has no such field."""
DAY = 86_400
_SEEN_BEFORE, _CARTED_BEFORE = 0.6, 0.5
"""Shares of orders whose view and cart are known: the others were made on a device that nobody recognised."""
_BURSTS_PER_DAY, _BURST = 0.05, 30
"""How often software reads the shop through one scraped account, and how many pages it opens each time."""
_CATEGORY_NAMES = pa.array([row.id for row in CATEGORIES])


def event_rows(person: Ints, when: Ints, kind: str, **columns: Any) -> pa.Table:
    """Give events of one kind; columns that are not named stay null."""
    n = len(person)
    given: dict[str, Any] = {"person": person, "when": when, "kind": [kind] * n, **columns}
    arrays = [pa.array(given[f.name], f.type) if f.name in given else pa.nulls(n, f.type) for f in EVENT_ROWS]
    return pa.table(arrays, schema=EVENT_ROWS)


def order_events(
    rng: np.random.Generator, people: People, goods: Catalogue, orders: Orders, names: pa.Array
) -> pa.Table:
    """Give what belongs to orders: views and carts before them, delivery, return and review after them.

    `names` are the orders' names. Events may lie days after the order: the caller cuts them at its horizon.
    """
    at = orders.day * DAY + orders.second
    first = orders.sku[:, 0]
    goods_of = {"sku": pa.array(goods.sku).take(pa.array(first)), "category": _category(goods, first)}
    web = _channel(orders.in_app)
    device = _device(rng, orders.in_app)
    seen = at - rng.integers(120, 5 * DAY, orders.n)
    viewed = event_rows(orders.person, seen, "view", channel=web, device=device, **goods_of)
    known, kept = (pa.array(rng.random(orders.n) < share) for share in (_SEEN_BEFORE, _CARTED_BEFORE))
    carts = event_rows(
        orders.person, at - rng.integers(30, 1800, orders.n), "cart", channel=web, device=device, **goods_of
    )
    return pa.concat_tables([viewed.filter(known), carts.filter(kept), *_after(rng, goods, orders, names)])


def browsing(rng: np.random.Generator, people: People, first_day: int, last_day: int, per_day: float) -> pa.Table:
    """Give visits without an order between two days (last excluded): views by taste, carts, app opens.

    `per_day` is the mean number of visits per person and day; engaged people come more often.
    """
    visits = rng.poisson(per_day * (last_day - first_day) * people.engagement)
    person = np.repeat(np.arange(people.n), visits)
    day = rng.integers(first_day, last_day, len(person))
    known = day >= people.first_day[person]
    person, day = person[known], day[known]
    when = day * DAY + rng.integers(7 * 3600, 23 * 3600, len(person))
    taste = np.where(rng.random(len(person)) < 0.7, people.taste[person], rng.integers(0, len(CATEGORIES), len(person)))
    app = people.in_app[person]
    category = _CATEGORY_NAMES.take(pa.array(taste))
    views = event_rows(person, when, "view", channel=_channel(app), category=category, device=_device(rng, app))
    cart = np.flatnonzero(rng.random(len(person)) < 0.12)
    carts = event_rows(
        person[cart], when[cart] + 90, "cart", channel=_channel(app[cart]), category=category.take(pa.array(cart))
    )
    opened = np.flatnonzero(app)
    opens = event_rows(
        person[opened], when[opened] - 20, "app_open", channel=["app"] * len(opened), device=["app"] * len(opened)
    )
    return pa.concat_tables([views, carts, opens])


def referrals(people: People, orders: Orders) -> pa.Table:
    """Give who recommended the shop to whom, at the first orders of people who came that way."""
    first = np.flatnonzero(people.referred[orders.person] & (people.first_day[orders.person] == orders.day))
    first = first[np.unique(orders.person[first], return_index=True)[1]]
    who = orders.person[first]
    return event_rows(who, (orders.day * DAY + orders.second)[first], "referral", referrer=people.referrer[who])


def scraping(rng: np.random.Generator, people: People, first_day: int, last_day: int) -> pa.Table:
    """Give what software reads through some accounts: bursts of views seconds apart, flagged or not."""
    accounts = np.flatnonzero(people.abuse.scraped & (people.first_day <= last_day))
    bursts = np.repeat(accounts, rng.poisson(_BURSTS_PER_DAY * (last_day - first_day), len(accounts)))
    begins = rng.integers(first_day, last_day, len(bursts)) * DAY + rng.integers(0, DAY, len(bursts))
    flagged = np.repeat(rng.random(len(bursts)) < FLAGGED, _BURST)
    when = np.repeat(begins, _BURST) + np.tile(2 * np.arange(_BURST), len(bursts))
    seen = _CATEGORY_NAMES.take(pa.array(rng.integers(0, len(CATEGORIES), len(when))))
    desktop = ["desktop"] * len(when)
    machine = pa.array(flagged, mask=~flagged)
    person = np.repeat(bursts, _BURST)
    web = ["web"] * len(when)
    return event_rows(person, when, "view", channel=web, category=seen, device=desktop, machine=machine)


def split_at(events: pa.Table, second: int) -> tuple[pa.Table, pa.Table]:
    """Cut events into those before a local second and those from it on, both sorted by time."""
    when = np.asarray(events["when"])
    order = np.lexsort((np.asarray(events["person"]), when))
    cut = int(np.searchsorted(when[order], second))
    return events.take(pa.array(order[:cut])), events.take(pa.array(order[cut:]))


def horizon() -> int:
    """Give the local second at which the records end and the plan begins."""
    return N_DAYS * DAY


def _after(rng: np.random.Generator, goods: Catalogue, orders: Orders, names: pa.Array) -> list[pa.Table]:
    """Give deliveries that somebody scanned, then returns and reviews of what arrived, scanned or not."""
    arrived = orders.arrival_day * DAY + orders.second
    seen = np.flatnonzero(orders.scanned)
    late = orders.late_days[seen].astype(np.float64)
    told = names.take(pa.array(seen))
    delivered = event_rows(orders.person[seen], arrived[seen], "delivery", order=told, value=late)
    back = np.flatnonzero(orders.returned)
    came_back = arrived[back] + rng.integers(2, 12, len(back)) * DAY
    first = orders.sku[:, 0]
    returned = event_rows(
        orders.person[back],
        came_back,
        "return",
        order=names.take(pa.array(back)),
        category=_category(goods, first[back]),
    )
    writes = rng.random(orders.n) < 0.08
    happy = np.flatnonzero(writes & ~orders.returned & (orders.parcel != LOST))
    stars = rng.choice(5, len(happy), p=(0.04, 0.05, 0.13, 0.33, 0.45)) + 1.0
    reviewed = event_rows(
        orders.person[happy],
        arrived[happy] + rng.integers(4, 20, len(happy)) * DAY,
        "review",
        order=names.take(pa.array(happy)),
        sku=pa.array(goods.sku).take(pa.array(first[happy])),
        value=stars - (orders.parcel[happy] == LATE) * (stars > 1),
    )
    return [delivered, returned, reviewed]


def _category(goods: Catalogue, sku: Ints) -> pa.Array:
    return _CATEGORY_NAMES.take(pa.array(goods.category[sku]))


def _channel(in_app: Any) -> pa.Array:
    return pa.array(["web", "app"]).take(pa.array(in_app.astype(np.int64)))


def _device(rng: np.random.Generator, in_app: Any) -> pa.Array:
    kinds = np.where(in_app, 3, rng.choice(3, len(in_app), p=(0.34, 0.60, 0.06)))
    return pa.array(["desktop", "mobile", "tablet", "app"]).take(pa.array(kinds))
