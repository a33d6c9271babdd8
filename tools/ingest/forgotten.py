"""What a file says of erased people is left out, so that no old file brings anybody back (case D8)."""

# ruff: noqa: S608  paths are ours and quoted, values are parameters

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from memory.store.unit_of_work import UnitOfWork

from .duck import open_duckdb
from .intake import Intake
from .parquet import quoted

COLUMNS = ("subject_id", "referrer_subject_id", "left_subject", "right_subject")
RULE = "erased"
"""The name under which the rows are counted in the report."""


def leave_out_erased(uow: UnitOfWork, intake: Intake, files: Mapping[str, Path]) -> None:
    """Take every row of an erased person out of an import's spooled files, their orders' lines and events too."""
    erased = uow.erasures.erased(intake.shop.shop_id)
    if not erased:
        return
    with open_duckdb() as con:
        con.register("erased", pa.table({"gone": pa.array(erased, pa.string())}))
        con.execute("CREATE TABLE gone_orders (fact_id VARCHAR, order_ref VARCHAR)")
        if "orders" in files:
            con.execute(
                "INSERT INTO gone_orders SELECT fact_id, order_ref FROM "
                f"read_parquet({quoted(files['orders'])}) WHERE subject_id IN (FROM erased)"
            )
        for table, file in files.items():
            tests = [f"{name} IN (FROM erased)" for name in COLUMNS if name in pq.read_schema(file).names]
            if table == "order_lines":
                tests.append("order_fact_id IN (SELECT fact_id FROM gone_orders)")
            if table == "events":
                tests.append("order_ref IN (SELECT order_ref FROM gone_orders)")
            if not tests:
                continue
            is_gone = f"coalesce({' OR '.join(f'coalesce({test}, false)' for test in tests)}, false)"
            n_gone = con.execute(f"SELECT count(*) FROM read_parquet({quoted(file)}) WHERE {is_gone}").fetchone()[0]
            if n_gone:
                kept = file.with_suffix(".kept.parquet")
                con.execute(
                    f"COPY (SELECT * FROM read_parquet({quoted(file)}) WHERE NOT {is_gone}) "
                    f"TO {quoted(kept)} (FORMAT parquet)"
                )
                kept.replace(file)
                if not table.startswith("_"):
                    intake.leave_out(RULE, n_gone)
