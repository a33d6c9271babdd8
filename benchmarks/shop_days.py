"""One more day of the synthetic shop: what is new, and a day on which old orders are refunded and records merged."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from memory.domain.facts import IDENTITIES_SCHEMA, LAKE_SCHEMAS, SUPERSEDED_SCHEMA
from memory.lake.lake import Lake

from .shop_facts import _COMMON, _CUSTOMER, QUERIES

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""The day that is added; the shop's facts fill the 731 days before."""
N_DAYS = 731
LATE, REFUNDED = 0.01, 0.03
"""Shares of a day's rows that are up to 60 days late, and of its number of orders that are refunded later on."""
N_MERGED = 20
OFFSET = 10**9
"""Where the numbers of the day's rows begin."""
Days = dict[str, dict[str, int]]


def make_days(root: Path, n_customers: int, events_per_customer: int) -> Days:
    """Add both days to the shop's lake, each to version 0, unless they are there; give their lake versions.

    `plain` has one day's share of new rows, `mixed` the same with late rows, refunds and merged records.
    """
    path = root / "days.json"
    if not path.exists():
        con = duckdb.connect()
        con.execute("SET TimeZone = 'UTC'")
        days = {kind: _day(con, root, n_customers, events_per_customer, kind) for kind in ("plain", "mixed")}
        con.close()
        path.write_text(json.dumps(days))
    made: Days = json.loads(path.read_text())
    return made


def _day(con: Any, root: Path, n_customers: int, events_per_customer: int, kind: str) -> dict[str, int]:
    lake, versions = Lake(root), {"products": 0}
    for table, (per_customer, columns) in QUERIES.items():
        n_rows = max(1, n_customers * (events_per_customer if table == "events" else per_customer) // N_DAYS)
        rows = _rows(con, table, columns, n_customers, n_rows, kind)
        if table == "orders" and kind == "mixed":
            refunded = _refunded(con, root, max(1, int(n_rows * REFUNDED)))
            rows = pa.concat_tables([rows, refunded])
            replaced = [
                {"fact_kind": "orders", "fact_id": id_, "revision": 1} for id_ in refunded["fact_id"].to_pylist()
            ]
            versions["superseded"] = lake.append("superseded", pa.Table.from_pylist(replaced, SUPERSEDED_SCHEMA))
        versions[table] = lake.append(table, rows, after=0)
    if kind == "mixed":
        names = [f"p{number:023d}" for number in range(2 * N_MERGED)]
        merged = pa.table([names[1::2], names[::2]], schema=IDENTITIES_SCHEMA)
        versions["identities"] = lake.append("identities", merged)
    return versions


def _rows(con: Any, table: str, columns: str, n_customers: int, n_rows: int, kind: str) -> pa.Table:
    late = f"CASE WHEN i % {round(1 / LATE)} = 0 THEN hash(i + 50) % 5184000 ELSE 0 END" if kind == "mixed" else "0"
    at = f"(TIMESTAMPTZ '{FIRST_DAY.isoformat()}' + to_seconds((1 + hash(i) % 86398)::BIGINT - ({late})::BIGINT))"
    chosen = columns.format(customer=_CUSTOMER.format(n=n_customers))
    query = f"SELECT {_COMMON.format(table=table, at=at)}, {chosen} FROM range({OFFSET}, {OFFSET + n_rows}) t(i)"
    return con.sql(query).select(*LAKE_SCHEMAS[table].names).to_arrow_table().cast(LAKE_SCHEMAS[table])


def _refunded(con: Any, root: Path, n: int) -> pa.Table:
    """Give new revisions of orders of the last 30 days: every second is refunded in full."""
    files = str(Lake(root).files("orders", 0))
    since = (FIRST_DAY - timedelta(days=30)).isoformat()
    query = (
        "SELECT * REPLACE (2::INTEGER AS revision, "
        "CASE WHEN ascii(fact_id) % 2 = 0 THEN subtotal_minor ELSE 100 END AS refunded_minor) "
        f"FROM read_parquet({files}) WHERE event_at > TIMESTAMPTZ '{since}' AND is_paid "
        f"ORDER BY fact_id LIMIT {n}"
    )
    return con.sql(query).select(*LAKE_SCHEMAS["orders"].names).to_arrow_table().cast(LAKE_SCHEMAS["orders"])
