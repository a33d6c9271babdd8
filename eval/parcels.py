"""How often a usage guide or review mail would come before the parcel: `python -m eval.parcels`.

On the gym's synthetic shop, where the true arrival of every parcel is known, lost ones and those nobody scanned among
them. The product's own lanes and arrivals decide; the date alone and the lane's 9 in 10 alone stand beside them.
"""

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from eval.gym.catalogue import Flags, Floats
from eval.gym.dates import FIRST_DAY, N_DAYS
from eval.gym.lanes import LANES, NEVER_ARRIVES
from eval.gym.shop import SEED, SyntheticShop, build_shop, demo_shop
from eval.gym.shopify_files import order_names
from memory.domain.base import Count, Frozen, Rate
from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import open_store
from memory.store.tables import metadata
from tools.facts import open_facts
from tools.ingest import import_file
from tools.parcels import LEAST_USE_DAYS, SCANS_FROM, parcels, use_days, with_lane

WINDOW_DAYS = (120, 45)
"""Parcels of orders so many days before the end of the records are judged: their truth lies inside them."""
DAY_SECONDS = 86_400
DATED = {"usage": 6, "review": 13}
"""Days after the order at which the date alone would send."""
PATIENCE_DAYS = 36
"""So long after the order's dated day a step waits for its parcel."""


class Early(Frozen):
    """One way to decide when."""

    rule: str
    """Which way."""
    kind: str
    """Usage guide or review."""
    n_mails: Count
    """Mails it sends."""
    n_early: Count
    """Those before the parcel was there; a lost one never is."""
    early_rate: Rate
    """Their share."""
    reached_rate: Rate
    """Share of the parcels that truly arrived whose people get the mail."""


class Judged(NamedTuple):
    """Parcels as columns; instants in seconds of the shop's local calendar, infinite where they never come."""

    ordered: Floats
    """When it was ordered."""
    came: Floats
    """When it truly arrived; infinite where it is lost."""
    seen: Floats
    """When the product knows it arrived; infinite where nobody scanned it."""
    by_lane: Floats
    """When 9 in 10 of its lane have arrived, as the product learned it."""
    is_mute: Flags
    """Whether its lane reports no arrivals, as the product sees it."""
    use_s: Floats
    """How long its goods want to be used."""


def measure(folder: Path, n_customers: int, seed: int, mute: str = "") -> tuple[Early, ...]:
    """Import a synthetic shop with its shipments and judge three ways to decide; the carrier `mute` scans nothing."""
    made, shop, key = build_shop(folder / "files", n_customers=n_customers, seed=seed), demo_shop(), b"gym" * 11
    end = datetime.combine(FIRST_DAY + timedelta(days=N_DAYS), time(), ZoneInfo(shop.zone))
    files = dict(made.files) | {"shipments": write_shipments(folder / "shipments.csv", made, shop.zone)}
    if mute:
        silence(files["events"], made, mute)
    store, lake, clock = open_store(f"sqlite:///{folder / 'store.db'}"), Lake(folder / "lake"), ManualClock(end)
    metadata.create_all(store.engine)
    with store.unit_of_work() as uow:
        uow.shops.put(shop)
    for kind in ("rates", "shopify-products", "shopify-customers", "shopify-orders", "shipments", "events"):
        import_file(store, lake, shop.shop_id, kind, files[kind], clock=clock, key=key, principal_id="gym")
    with open_facts(store, lake, [shop.shop_id]) as view:
        judged = _judged(view, shop, made, end)
    store.close()
    return tuple(each for kind in DATED for each in _rules(kind, judged))


def write_shipments(path: Path, made: SyntheticShop, zone: str) -> Path:
    """Write when each parcel of the shop was handed to its carrier: at once; the lanes' laws count from the order."""
    orders, info = made.orders, ZoneInfo(zone)
    names = order_names(0, orders.n).to_pylist()
    lane = made.people.lane[orders.person].tolist()
    first = datetime.combine(FIRST_DAY, time())
    when = (orders.day * DAY_SECONDS + orders.second).tolist()
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "order", "shipped_at", "origin", "carrier"])
        for name, at, k in zip(names, when, lane, strict=True):
            shipped = (first + timedelta(seconds=at)).replace(tzinfo=info).isoformat()
            rows.writerow([f"s{name}", name, shipped, LANES[k].origin, LANES[k].carrier])
    return path


def silence(path: Path, made: SyntheticShop, carrier: str) -> None:
    """Take the deliveries of one carrier out of the events."""
    names = order_names(0, made.orders.n).to_pylist()
    lane = made.people.lane[made.orders.person].tolist()
    silent = {name for name, k in zip(names, lane, strict=True) if LANES[k].carrier == carrier}
    rows = path.read_text("utf-8").splitlines(keepends=True)
    kept = [row for row in rows if (one := json.loads(row))["kind"] != "delivery" or one.get("order") not in silent]
    path.write_text("".join(kept), encoding="utf-8")


def _judged(view: LakeView, shop: Shop, made: SyntheticShop, end: datetime) -> Judged:
    every = with_lane(parcels(view, shop, end), view, shop, end)
    waits = use_days(view, end).rename(used_id="order_fact_id")
    joined = every.left_join(waits, [("order_fact_id", "used_id")])
    rows = joined.select("order_ref", "started_at", "arrived_at", "p90_days", "scan_rate", "use_days").to_pyarrow()
    orders, place = made.orders, {name: n for n, name in enumerate(order_names(0, made.orders.n).to_pylist())}
    index = np.array([place[name] for name in rows["order_ref"].to_pylist()])
    ago = N_DAYS - orders.day[index]
    judged = (ago <= WINDOW_DAYS[0]) & (ago > WINDOW_DAYS[1])
    rows, index = rows.filter(pa.array(judged)), index[judged]
    ordered = (orders.day * DAY_SECONDS + orders.second)[index].astype(float)
    took = pc.subtract(rows["arrived_at"].cast("int64"), rows["started_at"].cast("int64")).to_numpy() / 1e6
    is_lost = orders.arrival_day[index] == NEVER_ARRIVES
    return Judged(
        ordered=ordered,
        came=np.where(is_lost, np.inf, (orders.arrival_day * DAY_SECONDS + orders.second)[index]),
        seen=np.where(np.isnan(took), np.inf, ordered + took),
        by_lane=ordered + rows["p90_days"].to_numpy() * DAY_SECONDS,
        is_mute=rows["scan_rate"].to_numpy() < SCANS_FROM,
        use_s=pc.fill_null(rows["use_days"], LEAST_USE_DAYS).to_numpy() * float(DAY_SECONDS),
    )


def _rules(kind: str, of: Judged) -> Iterator[Early]:
    dated = of.ordered + DATED[kind] * DAY_SECONDS
    wait = of.use_s if kind == "review" else np.zeros(len(of.ordered))
    product = np.minimum(of.seen, np.where(of.is_mute, of.by_lane, np.inf))
    ways = {"date alone": dated, "9 in 10 where no word": np.maximum(dated, np.minimum(of.seen, of.by_lane) + wait),
            "the product": np.maximum(dated, product + wait)}  # fmt: skip
    for rule, sent in ways.items():
        goes = sent <= dated + PATIENCE_DAYS * DAY_SECONDS
        early, arrived = goes & (sent < of.came), np.isfinite(of.came)
        yield Early(
            rule=rule,
            kind=kind,
            n_mails=int(goes.sum()),
            n_early=int(early.sum()),
            early_rate=round(float(early.sum() / max(goes.sum(), 1)), 4),
            reached_rate=round(float((goes & arrived).sum() / max(arrived.sum(), 1)), 4),
        )


def main() -> None:
    """Measure and print, in words or as JSON."""
    given = argparse.ArgumentParser(prog="python -m eval.parcels", description=__doc__)
    given.add_argument("--customers", type=int, default=4_000)
    given.add_argument("--seed", type=int, default=SEED)
    given.add_argument("--mute", default="", help="A carrier whose scans are all lost, such as consolidator.")
    given.add_argument("--json", action="store_true")
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), asked.customers, asked.seed, asked.mute)
    lines = [f"{'mail':<8}{'decided by':<24}{'mails':>8}{'before arrival':>16}{'reached':>9}"]
    for one in found:
        share = f"{one.n_early:,} ({one.early_rate:.1%})"
        lines.append(f"{one.kind:<8}{one.rule:<24}{one.n_mails:>8,}{share:>16}{one.reached_rate:>9.1%}")
    as_json = json.dumps([one.model_dump() for one in found])
    sys.stdout.write(f"{as_json if asked.json else chr(10).join(lines)}\n")


if __name__ == "__main__":
    main()
