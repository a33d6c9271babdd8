"""Consent facts that need a look at what is known: statements made through the product, and undated refusals."""

# ruff: noqa: S608  paths are ours and quoted, values are parameters

from datetime import datetime
from pathlib import Path

from memory.lake.lake import Lake
from memory.store.unit_of_work import UnitOfWork

from .duck import open_duckdb
from .fields import as_micros
from .intake import UNDATED_CURRENT, Intake
from .parquet import quoted

SOURCE = "product"


def export_statements(uow: UnitOfWork, intake: Intake, *, mark: bool = False) -> None:
    """Add statements made through the product since the last import to the file's consent facts."""
    for row in uow.consents.unexported(intake.shop.shop_id):
        values = {
            "subject_id": row.person_id, "channel": row.channel, "purpose": row.purpose, "status": row.status,
            "method": row.method, "is_suppressed": False,
        }  # fmt: skip
        intake.fact("consents", SOURCE, f"statement:{row.id}", as_micros(row.at), values)
        row.is_in_lake = row.is_in_lake or mark


def settle_undated(uow: UnitOfWork, lake: Lake, file: Path, at: datetime) -> None:
    """Give refusals without a time the instant at which they were first read: known ones keep theirs."""
    tables = {name: n for name, n in uow.versions.latest().tables.items() if name in ("consents", "superseded")}
    files = lake.files_of(tables)
    settled = file.with_suffix(".settled.parquet")
    with open_duckdb() as con:
        con.execute("CREATE TABLE known (fact_id VARCHAR, status VARCHAR, event_at TIMESTAMPTZ)")
        if files.get("consents"):
            con.execute(
                "INSERT INTO known SELECT fact_id, arg_max(status, revision), arg_max(event_at, revision) "
                f"FROM read_parquet(?) WHERE fact_id IN (SELECT fact_id FROM read_parquet({quoted(file)})) "
                "GROUP BY fact_id",
                [files["consents"]],
            )
        con.execute(
            f"COPY (SELECT rows.* REPLACE (CASE WHEN epoch_us(rows.event_at) <> {UNDATED_CURRENT} THEN rows.event_at "
            f"WHEN known.status = rows.status THEN known.event_at "
            f"ELSE '{at.isoformat()}'::TIMESTAMPTZ END AS event_at) "
            f"FROM read_parquet({quoted(file)}) rows LEFT JOIN known USING (fact_id)) "
            f"TO {quoted(settled)} (FORMAT parquet)"
        )
    settled.replace(file)
