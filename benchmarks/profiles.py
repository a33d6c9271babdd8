"""Profiles: our Ibis expression beside the same query written by hand in DuckDB SQL, each in its own process."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from memory.domain.market import Shop
from memory.domain.profile import PROFILE_SCHEMA
from memory.lake.backends import MEMORY_LIMIT, Backend, DuckBackend
from memory.lake.lake import Lake
from tools.profile import build_profiles

from .measure import Figure, Measured, contend, take_turns
from .shop_facts import make_shop

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
PEER = "DuckDB SQL by hand"
TABLES = ("orders", "order_lines", "events", "consents", "products")


def run(short: bool) -> list[Figure]:
    """Give CPU seconds and peak memory of both; the synthetic shop is kept in the temporary folder for the next run."""
    n_customers = 2_000 if short else 1_000_000
    root = Path(tempfile.gettempdir()) / f"second-order-bench-{n_customers}"
    make_shop(root, n_customers)
    k = 1 if short else 3
    best = take_turns("benchmarks.profiles", ["ours", "ample", "sql"], k, str(root))
    ours, ample, peer = best["ours"], best["ample"], best["sql"]
    print(f"  {ours.result.split(',')[0]}, all results are the same")
    bounded = _bounded(k, str(root))
    cpu, peak = (bounded.cpu_seconds, bounded.peak_mb) if bounded else (None, None)
    return [
        Figure("CPU, both with ample memory", ample.cpu_seconds, peer.cpu_seconds, "s", PEER, "ratio <= 1.15"),
        Figure("CPU within a view's memory limit", ours.cpu_seconds, cpu, "s", PEER, "ratio <= 1.15"),
        Figure("CPU within that limit beside ample", ours.cpu_seconds, peer.cpu_seconds, "s", f"{PEER}, ample"),
        Figure("peak memory within that limit", ours.peak_mb, peak, "MB", PEER, "<= 2000 MB"),
        Figure("peak memory, both with ample memory", ample.peak_mb, peer.peak_mb, "MB", PEER),
    ]


def _bounded(k: int, root: str) -> Measured | None:
    """Give the query written by hand within a view's limit; none, and a line that says so, where it does not fit."""
    try:
        return take_turns("benchmarks.profiles", ["bounded"], k, root)["bounded"]
    except RuntimeError as failed:
        if "OutOfMemoryException" not in str(failed):
            raise
        print(f"  the query written by hand ran out of memory within {MEMORY_LIMIT}")
        return None


def ours(root: str) -> str:
    """Build the profiles as the product does, within the memory limit of a view."""
    return _build(root, DuckBackend())


def ample(root: str) -> str:
    """Build them with as much memory as the query written by hand may use."""
    return _build(root, DuckBackend(memory_limit="80%"))


def _build(root: str, backend: Backend) -> str:
    shop = Shop(shop_id="bench", name="Bench", currency="EUR", zone="Europe/Berlin", home_market="DE")
    with Lake(Path(root)).open(dict.fromkeys(TABLES, 0), backend=backend) as view:
        return _check(build_profiles(view, shop, AS_OF).to_pyarrow())


def sql(root: str) -> str:
    """Build the profiles with the query written by hand as an Arrow table, with ample memory."""
    return _by_hand(root, "80%")


def bounded(root: str) -> str:
    """Build them with that query within the memory limit of a view."""
    return _by_hand(root, MEMORY_LIMIT)


def _by_hand(root: str, memory_limit: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        con = duckdb.connect(config={"temp_directory": folder, "memory_limit": memory_limit})
        con.execute("SET TimeZone = 'UTC'")
        for table in TABLES:
            con.execute(f"CREATE VIEW {table} AS FROM read_parquet({Lake(Path(root)).files(table, 0)})")
        return _check(con.sql(hand_written()).to_arrow_table())


def hand_written() -> str:
    """Give the hand-written query with its instant filled in."""
    query = Path(__file__).with_name("profiles.sql").read_text()
    return query.replace("$as_of", f"TIMESTAMPTZ '{AS_OF.isoformat()}'")


def _check(profiles: pa.Table) -> str:
    """Give the number of people and a sum over every value, which no order of rows changes."""
    columns = ", ".join(
        f"epoch_us({field.name}::TIMESTAMPTZ)::VARCHAR" if str(field.type).startswith("timestamp") else field.name
        for field in PROFILE_SCHEMA
    )
    query = f"SELECT count(*) || ' people, ' || sum(hash(concat_ws('|', {columns}))) FROM profiles"
    con = duckdb.connect()
    con.register("profiles", profiles.cast(PROFILE_SCHEMA))
    rows: Any = con.execute(query).fetchall()
    return str(rows[0][0])


if __name__ == "__main__":
    contend({"ours": ours, "ample": ample, "sql": sql, "bounded": bounded})
