"""Profiles brought up by a day, beside building them anew; and building them beside SQL by hand, at three sizes."""

import json
import os
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pyarrow as pa

from memory.domain.market import Shop
from memory.lake.backends import DuckBackend
from memory.lake.keeping import Keeping
from memory.lake.lake import Lake
from tools.profile import build_profiles
from tools.profile.daily import Brought, Facts, bring_up, kept_profiles

from .measure import Figure, contend, take_turns
from .profiles import AS_OF, TABLES, _check
from .shop_days import FIRST_DAY, Days, make_days
from .shop_facts import make_shop

EVENTS_PER_CUSTOMER = 50
SIZES = (1_000_000, 10_000_000)
"""Events where none are asked for; `BENCH_EVENTS=50000000` asks for others, commas between them."""
TOMORROW = AS_OF + timedelta(days=1)
SHOP = Shop(shop_id="bench", name="Bench", currency="EUR", zone="Europe/Berlin", home_market="DE")


def run(short: bool) -> list[Figure]:
    """Give CPU seconds of both days and what a rebuild takes, at each size; the shops stay in the temporary folder."""
    sizes = [100_000] if short else [int(size) for size in os.environ.get("BENCH_EVENTS", "").split(",") if size]
    return [figure for size in sizes or SIZES for figure in _at_size(size, 1 if short else 3)]


def _at_size(n_events: int, k: int) -> list[Figure]:
    n_customers = n_events // EVENTS_PER_CUSTOMER
    root = Path(tempfile.gettempdir()) / f"second-order-bench-{n_customers}-{EVENTS_PER_CUSTOMER}"
    make_shop(root, n_customers, EVENTS_PER_CUSTOMER, by_person=True)
    days, name = make_days(root, n_customers, EVENTS_PER_CUSTOMER), f"{n_events:,} events"
    Keeping(Lake(root)).drop(SHOP.shop_id)
    kept = _keep(root)
    best = take_turns("benchmarks.profiles", ["ample", "sql"], k, str(root))
    ours, peer = best["ample"], best["sql"]
    hand = "DuckDB SQL by hand"
    figures = [
        Figure(f"{name}: CPU of a build", ours.cpu_seconds, peer.cpu_seconds, "s", hand, "ratio <= 1.15"),
        Figure(f"{name}: its peak memory", ours.peak_mb, peer.peak_mb, "MB", hand, "ratio <= 1.3"),
    ]
    for kind in days:
        take_turns("benchmarks.daily_profiles", ["same_delta", "same_rebuild"], 1, str(root), kind, kept)
        print(f"  {name}, {kind} day: every row is the rebuild's")
        turns = {
            one: take_turns("benchmarks.daily_profiles", [one], k, str(root), kind, kept)[one]
            for one in ("delta", "delta_again", "delta_read", "rebuild")
        }
        print(f"  {turns['delta'].result}")
        whole = turns["rebuild"].cpu_seconds
        figures += [
            Figure(
                f"{name}, {kind} day: CPU of the delta",
                turns["delta"].cpu_seconds,
                whole,
                "s",
                "rebuild",
                "ratio <= 0.03",
            ),
            Figure(
                f"{name}, {kind} day: again in that process", turns["delta_again"].cpu_seconds, whole, "s", "rebuild"
            ),
            Figure(f"{name}, {kind} day: and all rows read", turns["delta_read"].cpu_seconds, whole, "s", "rebuild"),
            Figure(
                f"{name}, {kind} day: peak memory", turns["delta"].peak_mb, turns["rebuild"].peak_mb, "MB", "rebuild"
            ),
        ]
    return figures


def _keep(root: Path) -> str:
    """Keep the profiles of version 0 and put a copy aside, from which each delta starts; give where it lies."""
    brought = bring_up(Lake(root), SHOP, _facts(dict.fromkeys(TABLES, 0), 1), AS_OF, None)
    assert brought.how == "rebuilt"
    aside = root.with_name(f"{root.name}-kept")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(Keeping(Lake(root)).root, aside)
    return str(aside)


def _facts(tables: dict[str, int], number: int) -> Facts:
    return Facts(number=number, made_at=FIRST_DAY, tables=tables)


def delta(root: str, kind: str, kept: str) -> str:
    """Bring the profiles that are kept up to the day's end."""
    brought = _bring_up(root, kind)
    return f"{brought.how}: {brought.n_touched:,} people touched, {brought.n_anew:,} of them worked out anew"


def delta_again(root: str, kind: str, kept: str) -> str:
    """Do so in a process that did it before, as a worker's does: its SQL is remembered."""
    return delta(root, kind, kept)


def delta_read(root: str, kind: str, kept: str) -> str:
    """Do so and read every column of every profile."""
    return str(_read(root, kind).num_rows)


def rebuild(root: str, kind: str, kept: str) -> str:
    """Build the profiles of the day's end from all facts and read every column."""
    return str(_rebuild(root, kind).num_rows)


def same_delta(root: str, kind: str, kept: str) -> str:
    """Give a sum over every value of the profiles that were brought up."""
    return _check(_read(root, kind))


def same_rebuild(root: str, kind: str, kept: str) -> str:
    """Give that sum of those built anew."""
    return _check(_rebuild(root, kind))


def _bring_up(root: str, kind: str) -> Brought:
    lake, facts = Lake(Path(root)), _facts(_days(root)[kind], 2)
    brought = bring_up(lake, SHOP, facts, TOMORROW, _facts(dict.fromkeys(TABLES, 0), 1))
    assert brought.how == "delta", brought.why
    return brought


def _read(root: str, kind: str) -> pa.Table:
    brought, lake = _bring_up(root, kind), Lake(Path(root))
    with lake.open(_days(root)[kind], backend=DuckBackend(memory_limit="80%")) as view:
        return kept_profiles(lake, brought.manifest, view).to_pyarrow()


def _rebuild(root: str, kind: str) -> pa.Table:
    with Lake(Path(root)).open(_days(root)[kind], backend=DuckBackend(memory_limit="80%")) as view:
        return build_profiles(view, SHOP, TOMORROW).to_pyarrow()


def _days(root: str) -> Days:
    days: Days = json.loads((Path(root) / "days.json").read_text())
    return days


def _put_yesterday(root: str, kept: str) -> None:
    folder = Keeping(Lake(Path(root))).root
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder)


if __name__ == "__main__":
    contender, *given = sys.argv[1:]
    if contender not in ("rebuild", "same_rebuild"):
        _put_yesterday(given[0], given[2])
    if contender == "delta_again":
        delta(*given)
        _put_yesterday(given[0], given[2])
    contend({run.__name__: run for run in (delta, delta_again, delta_read, rebuild, same_delta, same_rebuild)})
