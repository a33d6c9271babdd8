"""The synthetic cross-border shop after BFCM: a folder of files as vendors export them, and the people behind."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from memory.domain.market import Shop

from .behaviour import Orders
from .catalogue import Catalogue
from .dates import N_DAYS
from .events import browsing, horizon, order_events, referrals, scraping, split_at
from .history import last_states, order_history
from .own_files import write_consent, write_costs, write_events, write_rates, write_spend, write_stock
from .people import People, make_people
from .places import SHOP_CURRENCY, SHOP_ZONE
from .responses import Start
from .shelves import make_catalogue
from .shopify_files import order_names, write_customers, write_orders, write_products

N_CUSTOMERS = 20_000
SEED = 20251202
"""The demo's seed: the anchor date, set before anything was measured with it."""


class SyntheticShop(NamedTuple):
    """A written shop and what the simulation knows about it."""

    seed: int
    """Where its chance came from."""
    people: People
    """Everyone, with their hidden kinds."""
    goods: Catalogue
    """The catalogue."""
    orders: Orders
    """All orders before the anchor, by time."""
    pending: pa.Table
    """Events caused before the anchor that happen after it (`EVENT_ROWS`): parcels under way, returns to come."""
    files: tuple[tuple[str, Path], ...]
    """Import kind and file, in the order in which they are to be imported."""


def demo_shop(shop_id: str = "linden-kite") -> Shop:
    """Give the synthetic shop as the product knows it."""
    return Shop(
        shop_id=shop_id,
        name="Linden & Kite (synthetic)",
        currency=SHOP_CURRENCY,
        zone=SHOP_ZONE,
        home_market="DE",
        sender_email="hello@linden-kite.example",
        postal_address="Linden & Kite, Beispielweg 1, 04109 Leipzig",
        website="https://linden-kite.example",
    )


def build_shop(folder: Path, *, n_customers: int = N_CUSTOMERS, seed: int = SEED) -> SyntheticShop:
    """Write the shop's files into `folder`; the same seed and size give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    people, goods = make_people(seed, n_customers), make_catalogue(seed)
    orders = order_history(seed, people, goods)
    past, pending = _events(seed, people, goods, orders)
    files = (
        ("rates", folder / "rates.csv"),
        ("shopify-products", folder / "products_export.csv"),
        ("costs", folder / "costs.csv"),
        ("stock", folder / "stock.csv"),
        ("shopify-customers", folder / "customers_export.csv"),
        ("consent", folder / "consent.jsonl"),
        ("shopify-orders", folder / "orders_export.csv"),
        ("events", folder / "events.jsonl"),
        ("spend", folder / "spend.csv"),
    )
    at = dict(files)
    write_rates(at["rates"])
    write_products(at["shopify-products"], goods)
    write_costs(at["costs"], goods)
    write_stock(at["stock"], goods)
    write_customers(at["shopify-customers"], people, orders)
    write_consent(at["consent"], people, last_states(people, orders).last_day)
    write_orders(at["shopify-orders"], people, goods, orders, start=0, until=horizon())
    write_events(at["events"], people, past, "history")
    write_spend(at["spend"], people)
    return SyntheticShop(seed, people, goods, orders, pending, files)


def _events(seed: int, people: People, goods: Catalogue, orders: Orders) -> tuple[pa.Table, pa.Table]:
    """Give the events of the records and those that come after their end."""
    rng = np.random.default_rng([seed, 16])
    around = order_events(rng, people, goods, orders, order_names(0, orders.n))
    visits = browsing(rng, people, N_DAYS - 90, N_DAYS, per_day=0.006)
    bots = scraping(rng, people, N_DAYS - 90, N_DAYS)
    told = referrals(people, orders)
    past, pending = split_at(pa.concat_tables([around, visits, bots, told]), horizon())
    started = np.asarray(past["when"]) >= 0
    return past.filter(pa.array(started)), pending


def start_of(shop: SyntheticShop) -> Start:
    """Give where the simulation of the days after the anchor begins."""
    last_day, parcel, depth = last_states(shop.people, shop.orders)
    return Start(
        seed=shop.seed,
        people=shop.people,
        goods=shop.goods,
        day=N_DAYS,
        last_day=last_day,
        parcel=parcel,
        depth=depth,
        n_orders=shop.orders.n,
        pending=shop.pending,
    )
