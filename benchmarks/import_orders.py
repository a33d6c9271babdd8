"""Import of Online Retail II through the product, beside DuckDB reading the file and writing it again."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import open_store
from tools.ingest import import_file

from .measure import ROOT, Figure, contend, take_turns

DATA = ROOT / ".." / "shared" / "data" / "online_retail_ii_to_2011_06.parquet"
SHORT_ROWS = 5_000


def run(short: bool) -> list[Figure]:
    """Give CPU seconds, seconds and peak memory of both; nothing where the data isn't there."""
    if not DATA.exists():
        print(f"  skipped: {DATA.name} is not in ../shared/data")
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = _some_rows(Path(folder)) if short else DATA.resolve()
        best = take_turns("benchmarks.import_orders", ["ours", "duckdb"], 1 if short else 3, str(path))
    ours, peer = best["ours"], best["duckdb"]
    return [
        Figure("import, CPU", ours.cpu_seconds, peer.cpu_seconds, "s", "DuckDB read + write"),
        Figure("import, clock", ours.wall_seconds, peer.wall_seconds, "s", "DuckDB read + write"),
        Figure("import, peak memory", ours.peak_mb, peer.peak_mb, "MB", "DuckDB read + write"),
    ]


def _some_rows(folder: Path) -> Path:
    path = folder / "some.parquet"
    duckdb.execute(f"COPY (FROM '{DATA.resolve()}' LIMIT {SHORT_ROWS}) TO '{path}' (FORMAT parquet)")
    return path


def ours(path: str) -> str:
    """Import the file into an empty installation; give how many lines it holds."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/secondorder.db")
        store.migrate()
        shop = Shop(shop_id="gifts", name="Gifts", currency="GBP", zone="Europe/London", home_market="GB")
        with store.unit_of_work() as uow:
            uow.shops.add(shop)
        clock = ManualClock(datetime(2026, 1, 15, 12, tzinfo=UTC))
        lake = Lake(Path(folder) / "lake")
        report = import_file(
            store, lake, "gifts", "online-retail", Path(path), clock=clock, key=b"k" * 32, principal_id="bench"
        )
        store.close()
    return str(report.n_rows)


def duckdb_alone(path: str) -> str:
    """Read the file and write it to another; give how many lines it holds."""
    with tempfile.TemporaryDirectory() as folder:
        duckdb.execute(f"COPY (FROM '{path}') TO '{folder}/copy.parquet' (FORMAT parquet)")
        [row] = duckdb.execute(f"SELECT count(*) FROM '{folder}/copy.parquet'").fetchall()
    return str(row[0])


if __name__ == "__main__":
    contend({"ours": ours, "duckdb": duckdb_alone})
