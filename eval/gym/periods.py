"""Writes what some simulated days brought as files for the ordinary import commands."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from .behaviour import Orders
from .events import DAY
from .own_files import write_events, write_revocations, write_stock
from .responses import DayOutcome, Start
from .shopify_files import write_orders


def write_period(folder: Path, start: Start, days: Sequence[DayOutcome]) -> tuple[tuple[str, Path], ...]:
    """Write orders, events, stock and permissions taken back of these consecutive days; give import kind and file."""
    label = f"d{days[0].day - start.day:03d}"
    folder.mkdir(parents=True, exist_ok=True)
    files: list[tuple[str, Path]] = []
    orders = joined([day.orders for day in days])
    if orders.n:
        path = folder / f"{label}-orders_export.csv"
        offers = pa.concat_arrays([day.offers for day in days])
        until = (days[-1].day + 1) * DAY
        people = start.people._replace(allows_email=days[-1].allows_email)
        write_orders(path, people, start.goods, orders, start=days[0].first_number, until=until, offers=offers)
        files.append(("shopify-orders", path))
    events = pa.concat_tables([day.events for day in days])
    if events.num_rows:
        path = folder / f"{label}-events.jsonl"
        write_events(path, start.people, events, label)
        files.append(("events", path))
    files.append(("stock", folder / f"{label}-stock.csv"))
    write_stock(files[-1][1], start.goods, days[-1].day + 1)
    gone = pa.concat_tables([day.unsubscribed for day in days])
    if gone.num_rows:
        path = folder / f"{label}-consent.jsonl"
        person, when = (np.asarray(gone[name], dtype=np.int64) for name in ("person", "when"))
        write_revocations(path, start.people, person, when, gone["channel"].combine_chunks())
        files.append(("consent", path))
    return tuple(files)


def joined(parts: Sequence[Orders]) -> Orders:
    """Give the orders of several days as one."""
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Orders._fields}
    return Orders(**columns)
