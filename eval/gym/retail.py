"""The demo on real orders: Online Retail II up to the anchor, labelled assumptions, and simulated reactions after it.

Orders of the table after the anchor are never read: the file is cut before it is imported.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from memory.domain.errors import InvalidInput
from memory.domain.market import Shop

from . import contacts
from .abuse import NOBODY, Abuse
from .behaviour import Orders
from .catalogue import CATEGORIES, N_PER_CATEGORY, Catalogue, Floats, Ints
from .dates import FIRST_DAY
from .events import EVENT_ROWS
from .lanes import draw_lanes
from .own_files import write_events, write_revocations
from .people import DAILY_RATE, RATE_SPREAD, SENSITIVITY, People
from .periods import joined
from .places import PLACES
from .responses import DayOutcome, Start
from .world import Files, World

ANCHOR = date(2010, 12, 25)
PEAK = (date(2010, 11, 1), date(2010, 12, 24))
LAST_PEAK = (date(2009, 12, 1), date(2009, 12, 24))
ASSUMPTIONS = Path(__file__).with_name("online_retail_assumptions.yaml")
BRITAIN = next(place for place, row in enumerate(PLACES) if row.country == "GB")
FIRST_INVOICE = 900_000
"""Simulated invoices are counted from here; the table's own end below 600,000."""
N_COLUMNS = ("invoice", "stock_code", "description", "quantity", "invoice_date", "unit_price", "customer_id", "country")
LABEL = (
    "Orders up to 2010-12-24 are real (Online Retail II, UCI, CC BY 4.0); margins, consent, addresses and spend are "
    "assumed; everything people do after that day is simulated."
)


def retail_world(folder: Path, path: Path, *, seed: int) -> World:
    """Cut the table at `path` before the anchor into `folder` and give its world.

    Raise `InvalidInput` where the file is not the Online Retail II table.
    """
    lines = _read(path)
    folder.mkdir(parents=True, exist_ok=True)
    cut = folder / "online_retail_before_anchor.parquet"
    pq.write_table(lines, cut)
    start, countries = _start(lines, seed)

    def write(target: Path, days: Sequence[DayOutcome]) -> Files:
        return _write_days(target, start, countries, days)

    shop = Shop(
        shop_id="online-retail",
        name="Online Retail II",
        currency="GBP",
        zone="Europe/London",
        home_market="GB",
        sender_email="hello@online-retail.example",
        postal_address="1 Example Street, London",
        website="https://online-retail.example",
    )
    return World(
        shop=shop,
        files=(("online-retail", cut),),
        start=start,
        anchor_on=ANCHOR,
        peak=PEAK,
        last_peak=LAST_PEAK,
        write=write,
        label=LABEL,
        money_scale=1 / PLACES[BRITAIN].price_factor,
        assumptions=ASSUMPTIONS,
    )


def _read(path: Path) -> pa.Table:
    try:
        table = pq.read_table(path, columns=list(N_COLUMNS))
    except (OSError, pa.ArrowInvalid) as error:
        raise InvalidInput(
            what=f"the file {path.name}",
            why=f"it is not the Online Retail II table ({str(error)[:80]})",
            remedy="Give the Parquet file with invoice, stock_code, description, quantity and so on",
        ) from None
    anchor = pa.scalar(datetime(ANCHOR.year, ANCHOR.month, ANCHOR.day), table["invoice_date"].type)  # noqa: DTZ001  naive in the table
    return table.filter(pc.less(table["invoice_date"], anchor))


def _orders_of(lines: pa.Table) -> pa.Table:
    """Give the lines that are goods sold to a known customer, the way the importer reads them."""
    sold = pc.and_(pc.greater(lines["quantity"], 0), pc.greater(lines["unit_price"], 0.0))
    plain = pc.invert(pc.is_in(pc.utf8_slice_codeunits(lines["invoice"], 0, 1), pa.array(["C", "A"])))
    return lines.filter(pc.and_(pc.and_(sold, plain), pc.is_valid(lines["customer_id"])))


def _start(lines: pa.Table, seed: int) -> tuple[Start, pa.Array]:
    """Give the start of the simulation and each person's country.

    How readily somebody buys again follows from the orders so far; everything else about them is drawn.
    """
    sold = _orders_of(lines)
    per = sold.group_by("customer_id").aggregate(
        [("invoice", "count_distinct"), ("invoice_date", "max"), ("country", "min")]
    )
    per = per.sort_by("customer_id")
    n = per.num_rows
    rng = np.random.default_rng([seed, 31])
    n_orders = np.asarray(per["invoice_count_distinct"], dtype=np.int64)
    latent = _latent(rng, n_orders)
    midnight = int(np.datetime64(FIRST_DAY.isoformat(), "s").astype(np.int64))
    seconds = np.asarray(per["invoice_date_max"].cast(pa.timestamp("s")).cast(pa.int64()), dtype=np.int64)
    last_day = (seconds - midnight) // 86_400
    people = _people(rng, per["customer_id"].cast(pa.string()).combine_chunks(), latent, last_day)
    start = Start(
        seed=seed,
        people=people,
        goods=_goods(sold),
        day=(ANCHOR - FIRST_DAY).days,
        last_day=last_day,
        parcel=np.zeros(n, dtype=np.int64),
        depth=np.zeros(n),
        n_orders=int(n_orders.sum()),
        pending=EVENT_ROWS.empty_table(),
    )
    return start, per["country_min"].combine_chunks()


def _latent(rng: np.random.Generator, n_orders: Ints) -> Ints:
    luck = rng.random(len(n_orders))
    few = np.where(luck < 0.5, 1, np.where(luck < 0.75, 2, 3))
    kinds: Ints = np.where(n_orders >= 5, 0, np.where(n_orders >= 2, 1, few)).astype(np.int64)
    return kinds


def _people(rng: np.random.Generator, customers: pa.Array, latent: Ints, first_day: Ints) -> People:
    n = len(latent)
    rate: Floats = DAILY_RATE[latent] * rng.lognormal(-(RATE_SPREAD**2) / 2, RATE_SPREAD, n)
    none, nobody = np.zeros(n, dtype=np.bool_), np.full(n, NOBODY, dtype=np.int64)
    place = np.full(n, BRITAIN)
    return People(
        identifier=customers,
        place=place,
        latent=latent,
        rate=rate,
        lane=draw_lanes(rng, place),
        sensitivity=SENSITIVITY[latent] * rng.lognormal(-0.125, 0.5, n),
        first_day=first_day,
        taste=rng.choice(len(CATEGORIES), n, p=[row.share for row in CATEGORIES]),
        given=np.zeros(n, dtype=np.int64),
        family=np.zeros(n, dtype=np.int64),
        engagement=rng.lognormal(-0.18, 0.6, n),
        gives=none,
        in_app=none,
        allows_email=~none,
        allows_sms=none,
        allows_push=none,
        left=none,
        bounces=none,
        referred=none,
        referrer=nobody,
        abuse=Abuse(nobody, none, none, none),
        known_by="customer_id",
    )


def _goods(sold: pa.Table) -> Catalogue:
    """Give the table's 120 best-selling articles; the gym's categories stand only for who likes what."""
    n = len(CATEGORIES) * N_PER_CATEGORY
    articles = sold.group_by("stock_code").aggregate(
        [("quantity", "sum"), ("unit_price", "mean"), ("description", "min")]
    )
    plain = pc.match_substring_regex(articles["stock_code"], r"^\d{5}")
    best = articles.filter(plain).sort_by([("quantity_sum", "descending"), ("stock_code", "ascending")]).slice(0, n)
    pence = np.asarray(best["unit_price_mean"]) * 100
    popularity = np.asarray(best["quantity_sum"], dtype=np.float64).reshape(len(CATEGORIES), N_PER_CATEGORY)
    price = np.maximum(np.round(pence * 12 / PLACES[BRITAIN].price_factor), 100).astype(np.int64)  # sold by the dozen
    return Catalogue(
        sku=best["stock_code"].to_pylist(),
        title=best["description_min"].to_pylist(),
        category=np.repeat(np.arange(len(CATEGORIES)), N_PER_CATEGORY),
        price_minor=price,
        cost_minor=np.zeros(n, dtype=np.int64),
        popularity=(popularity / popularity.sum(axis=1, keepdims=True)).ravel(),
        stock=np.full(n, 500),
        units=np.zeros((0, n), dtype=np.int64),
    )


def _write_days(folder: Path, start: Start, countries: pa.Array, days: Sequence[DayOutcome]) -> Files:
    """Write simulated orders in the table's own format, events and permissions by customer number."""
    label = f"d{days[0].day - start.day:03d}"
    folder.mkdir(parents=True, exist_ok=True)
    files: list[tuple[str, Path]] = []
    orders = joined([day.orders for day in days])
    if orders.n:
        files.append(("online-retail", folder / f"{label}-orders.parquet"))
        pq.write_table(_as_lines(start, countries, orders, days[0].first_number), files[-1][1])
    events = pa.concat_tables([day.events for day in days])
    if events.num_rows:
        files.append(("events", folder / f"{label}-events.jsonl"))
        bare = events.set_column(5, "category", pa.nulls(events.num_rows, pa.string()))
        write_events(files[-1][1], start.people, bare, label)
    gone = pa.concat_tables([day.unsubscribed for day in days])
    if gone.num_rows:
        files.append(("consent", folder / f"{label}-consent.jsonl"))
        person, when = (np.asarray(gone[name], dtype=np.int64) for name in ("person", "when"))
        write_revocations(files[-1][1], start.people, person, when, gone["channel"].combine_chunks())
    return tuple(files)


def _as_lines(start: Start, countries: pa.Array, orders: Orders, first: int) -> pa.Table:
    order, line = np.nonzero(orders.sku >= 0)
    person = pa.array(orders.person[order])
    share = 1.0 - orders.discount / np.maximum(orders.line_total(), 1)
    at = contacts.instants(orders.day * 86_400 + orders.second)
    local = pc.local_timestamp(at.cast(pa.timestamp("s", tz="Europe/London"))).take(pa.array(order))
    return pa.table(
        {
            "invoice": pa.array(FIRST_INVOICE + first + order).cast(pa.string()),
            "stock_code": pa.array(start.goods.sku).take(pa.array(orders.sku[order, line])),
            "description": pa.array(start.goods.title).take(pa.array(orders.sku[order, line])),
            "quantity": pa.array(orders.quantity[order, line].astype(np.int32)),
            "invoice_date": local.cast(pa.timestamp("us")),
            "unit_price": pa.array(np.round(orders.price[order, line] * share[order]) / 100),
            "customer_id": start.people.identifier.take(person).cast(pa.int32()),
            "country": countries.take(person),
        }
    )
