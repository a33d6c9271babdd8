"""Refunds and deliveries that name only an order: its person is looked up when the file is committed."""

# ruff: noqa: S608  paths are ours and quoted, values are parameters

from pathlib import Path
from typing import Any

from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.store.unit_of_work import UnitOfWork

from .duck import open_duckdb
from .intake import Intake
from .parquet import quoted

_ORDER_FIELDS = [
    field.name for field in LAKE_SCHEMAS["orders"] if field.name not in ("revision", "content_hash", "arrived_at")
]
_TABLES = ("orders", "events", "superseded")


def settle_order_events(uow: UnitOfWork, lake: Lake, intake: Intake, file: Path) -> None:
    """Turn them into events of their person; a refund that was not known raises the order's refunded sum.

    One whose order is unknown is rejected: import the order first.
    """
    versions = uow.versions.latest().tables
    files = lake.files_of({name: versions[name] for name in _TABLES if name in versions})
    with open_duckdb() as con:
        con.execute(f"CREATE TABLE pending AS SELECT * FROM read_parquet({quoted(file)})")
        con.execute(f"CREATE TABLE known AS {_known(files)}")
        for row in _rows(con, "SELECT p.* FROM pending p ANTI JOIN known k ON k.fact_id = p.order_fact_id"):
            intake.reject(0, f"{row['source_id']} belongs to an order that was not imported; import the order first")
        for row in _rows(con, _EVENTS):
            values = {name: row[name] for name in ("subject_id", "order_ref", "channel", "kind")}
            intake.fact("events", row["source"], row["source_id"], row["at"], {**values, "is_machine": False})
        con.execute(f"CREATE TABLE seen AS {_seen(files)}")
        for row in _rows(con, _REFUNDED):
            intake.spool("orders").add({name: row[name] for name in _ORDER_FIELDS})


_EVENTS = """
SELECT p.*, k.subject_id, k.order_ref, CASE k.channel WHEN 'marketplace' THEN 'web' ELSE k.channel END AS channel
FROM pending p JOIN known k ON k.fact_id = p.order_fact_id ORDER BY p.source_id
"""
_REFUNDED = """
SELECT k.* REPLACE (epoch_us(k.event_at) AS event_at,
  least(k.subtotal_minor, k.refunded_minor + p.refunded_minor)::BIGINT AS refunded_minor)
FROM known k JOIN (SELECT order_fact_id, sum(refunded_minor) AS refunded_minor FROM pending
  ANTI JOIN seen USING (event_fact_id) GROUP BY order_fact_id) p ON k.fact_id = p.order_fact_id
WHERE p.refunded_minor > 0
"""


def _known(files: dict[str, list[str]]) -> str:
    if not files.get("orders"):
        return f"SELECT {', '.join(f'NULL AS {name}' for name in _ORDER_FIELDS)} LIMIT 0"
    latest = f"SELECT * FROM read_parquet({_list(files['orders'])})"
    if files.get("superseded"):
        replaced = f"FROM read_parquet({_list(files['superseded'])}) WHERE fact_kind = 'orders'"
        latest += f" ANTI JOIN ({replaced}) USING (fact_id, revision)"
    wanted = "SELECT order_fact_id FROM pending"
    return f"SELECT {', '.join(_ORDER_FIELDS)} FROM ({latest}) WHERE fact_id IN ({wanted})"


def _seen(files: dict[str, list[str]]) -> str:
    if not files.get("events"):
        return "SELECT NULL::VARCHAR AS event_fact_id LIMIT 0"
    return (
        f"SELECT DISTINCT fact_id AS event_fact_id FROM read_parquet({_list(files['events'])}) e "
        "SEMI JOIN pending p ON e.fact_id = p.event_fact_id"
    )


def _list(files: list[str]) -> str:
    return "[" + ", ".join(quoted(Path(file)) for file in files) + "]"


def _rows(con: Any, query: str) -> list[dict[str, Any]]:
    result = con.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
