"""What surrounds the orders: views, carts, app opens, deliveries, returns and reviews."""

from typing import Any

import numpy as np
import pyarrow as pa

from .behaviour import Orders
from .catalogue import CATEGORIES, Catalogue, Ints
from .people import N_DAYS, People
from .places import PLACES

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
    ]
)
"""Events before they are written; null where a kind has no such field."""
DAY = 86_400
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
    kept = pa.array(rng.random(orders.n) < 0.5)
    carts = event_rows(
        orders.person, at - rng.integers(30, 1800, orders.n), "cart", channel=web, device=device, **goods_of
    )
    return pa.concat_tables([viewed, carts.filter(kept), *_after(rng, people, goods, orders, names, at)])


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


def split_at(events: pa.Table, second: int) -> tuple[pa.Table, pa.Table]:
    """Cut events into those before a local second and those from it on, both sorted by time."""
    when = np.asarray(events["when"])
    order = np.lexsort((np.asarray(events["person"]), when))
    cut = int(np.searchsorted(when[order], second))
    return events.take(pa.array(order[:cut])), events.take(pa.array(order[cut:]))


def horizon() -> int:
    """Give the local second at which the records end and the plan begins."""
    return N_DAYS * DAY


def _after(
    rng: np.random.Generator, people: People, goods: Catalogue, orders: Orders, names: pa.Array, at: Ints
) -> list[pa.Table]:
    usual = np.array([row.delivery_days for row in PLACES])[people.place[orders.person]]
    arrived = at + np.maximum(usual + orders.late_days, 1) * DAY
    late = orders.late_days.astype(np.float64)
    delivered = event_rows(orders.person, arrived, "delivery", order=names, value=late)
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
    happy = np.flatnonzero(~orders.returned & (rng.random(orders.n) < 0.08))
    stars = rng.choice(5, len(happy), p=(0.04, 0.05, 0.13, 0.33, 0.45)) + 1.0
    reviewed = event_rows(
        orders.person[happy],
        arrived[happy] + rng.integers(4, 20, len(happy)) * DAY,
        "review",
        order=names.take(pa.array(happy)),
        sku=pa.array(goods.sku).take(pa.array(first[happy])),
        value=stars - (orders.late_days[happy] > 2) * (stars > 1),
    )
    return [delivered, returned, reviewed]


def _category(goods: Catalogue, sku: Ints) -> pa.Array:
    return _CATEGORY_NAMES.take(pa.array(goods.category[sku]))


def _channel(in_app: Any) -> pa.Array:
    return pa.array(["web", "app"]).take(pa.array(in_app.astype(np.int64)))


def _device(rng: np.random.Generator, in_app: Any) -> pa.Array:
    kinds = np.where(in_app, 3, rng.choice(3, len(in_app), p=(0.34, 0.60, 0.06)))
    return pa.array(["desktop", "mobile", "tablet", "app"]).take(pa.array(kinds))
