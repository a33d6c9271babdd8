"""The lift report on a million people over 90 days, beside the bare grouped scan written by hand in DuckDB SQL."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from memory.domain.facts import COHORT_MEMBERS_SCHEMA
from memory.domain.market import Shop
from memory.lake.backends import DuckBackend
from memory.lake.lake import Lake
from tools.experiments.lift import lift
from tools.outcomes.reading import outcomes
from tools.outcomes.window import ArmKey, Ask, OutcomeWindow

from .measure import Figure, contend, take_turns
from .shop_facts import make_shop

STARTS = datetime(2025, 9, 1, tzinfo=UTC)
ENDS = STARTS + timedelta(days=90)
PLAN = "b" * 64
TABLES = ("orders", "order_lines", "costs", "cohort_members")
PEER = "grouped DuckDB scan"


def run(short: bool) -> list[Figure]:
    """Give CPU seconds and peak memory of both; the synthetic shop is kept in the temporary folder."""
    n_customers = 2_000 if short else 1_000_000
    root = Path(tempfile.gettempdir()) / f"second-order-bench-{n_customers}"
    make_shop(root, n_customers)
    _add_experiment(root, n_customers)
    best = take_turns("benchmarks.lift", ["ours", "sql"], 1 if short else 3, str(root))
    ours, peer = best["ours"], best["sql"]
    print(f"  {ours.result}, both results are the same")
    return [
        Figure("CPU, the whole reading of both arms", ours.cpu_seconds, peer.cpu_seconds, "s", PEER),
        Figure("peak memory", ours.peak_mb, peer.peak_mb, "MB", PEER),
    ]


def ours(root: str) -> str:
    """Read moments, CUPED covariates, days, offers, horizons and the figures, as the report does."""
    shop = Shop(shop_id="bench", name="Bench", currency="EUR", zone="Europe/Berlin", home_market="DE")
    ask = Ask(OutcomeWindow(starts_at=STARTS, ends_at=ENDS), ENDS, STARTS, horizons=(30, 60, 90))
    with Lake(Path(root)).open(dict.fromkeys(TABLES, 0), backend=DuckBackend()) as view:
        found = outcomes(view, shop, view.raw("cohort_members"), ask)
    treated, control = found.sums[ArmKey("", "treated")], found.sums[ArmKey("", "control")]
    lift(treated, control)
    return _said(treated.n_people, treated.n_repeat, control.n_people, control.n_repeat)


def sql(root: str) -> str:
    """Join members and their orders of the window, group by cohort and arm; revenue and its square, nothing else."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    query = f"""
      WITH bought AS (
        SELECT subject_id, sum(subtotal_minor - refunded_minor)::DOUBLE AS money
        FROM read_parquet('{root}/orders/*.parquet')
        WHERE event_at >= TIMESTAMPTZ '{STARTS.isoformat()}' AND event_at < TIMESTAMPTZ '{ENDS.isoformat()}'
          AND is_paid AND NOT is_cancelled AND NOT (refunded_minor > 0 AND refunded_minor >= subtotal_minor)
        GROUP BY subject_id)
      SELECT arm, cohort, count(*), count(money), sum(money), sum(money * money)
      FROM read_parquet('{root}/cohort_members/*.parquet') LEFT JOIN bought ON subject_id = person_id
      GROUP BY arm, cohort"""
    rows: list[Any] = con.execute(query).fetchall()
    sums = {arm: [sum(row[at] for row in rows if row[0] == arm) for at in (2, 3)] for arm in ("treated", "control")}
    return _said(*sums["treated"], *sums["control"])


def _add_experiment(root: Path, n_customers: int) -> None:
    """Write members of one plan, a tenth withheld, and a cost per article, unless they are there."""
    if (root / "experiment").exists():
        return
    lake, con = Lake(root), duckdb.connect()
    members = con.sql(
        f"SELECT '{PLAN}' AS plan_id, 'bench' AS shop_id, 'p' || lpad(i::VARCHAR, 23, '0') AS person_id, "
        "['vip', 'reactivated', 'discount_sensitive', 'first_time'][(1 + hash(i + 50) % 4)::BIGINT] AS cohort, "
        "CASE WHEN hash(i + 51) % 10 = 0 THEN 'control' ELSE 'treated' END AS arm, 'DE' AS market, 'de' AS language, "
        f"'Europe/Berlin' AS zone, DATE '{date(2025, 9, 1)}' AS anchor_on, "
        f"TIMESTAMPTZ '{STARTS.isoformat()}' AS frozen_at FROM range({n_customers}) t(i)"
    )
    lake.append("cohort_members", members.select(*COHORT_MEMBERS_SCHEMA.names).to_arrow_reader(200_000))
    costs = con.sql(
        "SELECT 'bench' AS shop_id, md5('costs' || i) AS fact_id, 1 AS revision, '' AS content_hash, "
        "TIMESTAMPTZ '2024-01-01 00:00:00+00' AS event_at, TIMESTAMPTZ '2024-01-01 00:00:00+00' AS arrived_at, "
        "'bench' AS source, 's' || i AS sku, 900::BIGINT AS cost_minor, 'EUR' AS currency, false AS is_assumed "
        "FROM range(1000) t(i)"
    )
    lake.append("costs", costs.to_arrow_reader(200_000))
    con.close()
    (root / "experiment").touch()


def _said(n_treated: int, treated: int, n_control: int, control: int) -> str:
    return f"{n_treated} treated, {treated} came back; {n_control} withheld, {control} came back"


if __name__ == "__main__":
    contend({"ours": ours, "sql": sql})
