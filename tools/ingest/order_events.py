"""Refunds and deliveries that name only an order: its person is looked up when the file is committed."""

# ruff: noqa: S608  paths are ours and quoted, values are parameters

from pathlib import Path
from typing import Any

from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.store.unit_of_work import UnitOfWork

from .duck import open_duckdb
from .intake import Intake
from .latest import latest_sql
from .parquet import quoted

_ORDER_FIELDS = [
    field.name for field in LAKE_SCHEMAS["orders"] if field.name not in ("revision", "content_hash", "arrived_at")
]
_PENDING = "WHERE fact_id IN (SELECT order_fact_id FROM pending)"
_SEEN = "WHERE fact_id IN (SELECT event_fact_id FROM pending)"


def settle_order_events(uow: UnitOfWork, lake: Lake, intake: Intake, file: Path) -> None:
    """Turn them into events of their person; a refund that was not known raises the order's refunded sum.

    One whose order is unknown is rejected: import the order first.
    """
    versions = uow.versions.latest().tables
    with open_duckdb() as con:
        con.execute(f"CREATE TABLE pending AS SELECT * FROM read_parquet({quoted(file)})")
        fields = ", ".join(_ORDER_FIELDS)
        con.execute(f"CREATE TABLE known AS SELECT {fields} FROM ({latest_sql(lake, versions, 'orders')}) {_PENDING}")
        for row in _rows(con, "SELECT p.* FROM pending p ANTI JOIN known k ON k.fact_id = p.order_fact_id"):
            intake.reject(0, f"{row['source_id']} belongs to an order that was not imported; import the order first")
        for row in _rows(con, _EVENTS):
            values = {name: row[name] for name in ("subject_id", "order_ref", "channel", "kind")}
            intake.fact("events", row["source"], row["source_id"], row["at"], {**values, "is_machine": False})
        events = latest_sql(lake, versions, "events")
        con.execute(f"CREATE TABLE seen AS SELECT fact_id AS event_fact_id FROM ({events}) {_SEEN}")
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


def _rows(con: Any, query: str) -> list[dict[str, Any]]:
    result = con.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
