"""Bare SQL for the questions of `benchmarks.read_tools`: DuckDB over a file of features and over the lake's Parquet.

The file of features (a row per person, a row per person of the peak) is made beforehand, as somebody would who answers
such questions without the product; the time for it is not counted.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from eval.gym.installation import open_home
from memory.domain.brief import Brief
from memory.domain.clock import ManualClock

PAIRS = """
WITH bought AS (SELECT DISTINCT who, sku FROM order_lines WHERE who IS NOT NULL AND NOT is_gift),
best AS (SELECT sku FROM bought GROUP BY sku ORDER BY count(*) DESC, sku LIMIT 200),
kept AS (SELECT * FROM bought SEMI JOIN best USING (sku))
SELECT count(*) FROM kept a JOIN kept b ON a.who = b.who AND a.sku <> b.sku
GROUP BY a.sku, b.sku HAVING count(*) >= 10 ORDER BY count(*) DESC, a.sku, b.sku LIMIT 3
"""
CURVE = """
WITH placed AS (
    SELECT who, event_at, row_number() OVER (PARTITION BY who ORDER BY event_at) AS n FROM orders
    WHERE who IS NOT NULL AND NOT is_cancelled AND is_paid AND event_at <= $as_of),
came AS (
    SELECT (floor(epoch($as_of))::BIGINT - floor(epoch(a.event_at))::BIGINT) // 86400 AS known,
           (floor(epoch(b.event_at))::BIGINT - floor(epoch(a.event_at))::BIGINT) // 86400 AS days
    FROM placed a LEFT JOIN placed b ON a.who = b.who AND b.n = 2 WHERE a.n = 1)
SELECT round(count(*) FILTER (known >= within AND days <= within) / count(*) FILTER (known >= within), 4)
FROM came, (SELECT unnest([7, 14, 30, 45, 60, 90]) AS within)
GROUP BY within HAVING count(*) FILTER (known >= within) >= 10 ORDER BY within
"""
PURCHASE = "is_paid AND NOT is_cancelled AND NOT (refunded_minor > 0 AND refunded_minor >= subtotal_minor)"


def features(_n: str, folder: str) -> str:
    """Write the file of features and where the facts lie."""
    from tools.cohorts import assign_cohorts
    from tools.profile import build_profiles

    shop_id, at = json.loads((Path(folder) / "at.json").read_text())
    app = open_home(Path(folder) / "home", ManualClock(datetime.fromisoformat(at)))
    with app.store.read() as uow:
        shop, version = uow.shops.get(shop_id), uow.versions.latest()
    context = app.contexts.gather(shop_id, Brief())
    files = dict(app.lake.files_of(version.tables))
    with app.lake.open(version.tables, [shop_id]) as view, duckdb.connect(f"{folder}/features.db") as con:
        profiles = view.once("profiles", lambda: build_profiles(view, shop, context.as_of))
        peak = assign_cohorts(view, shop, context.peak_from, context.peak_until, context.as_of, profiles=profiles)
        for name, table in (("profiles", profiles), ("buyers", peak)):
            rows = table.to_pyarrow()
            con.register("rows", rows)
            con.execute(f"CREATE TABLE {name} AS FROM rows")
    app.close()
    (Path(folder) / "files.json").write_text(json.dumps([shop_id, context.as_of.isoformat(), files]))
    return ""


def bare(folder: Path, asked: dict[str, tuple[str, list[dict[str, Any]]]]) -> str:
    """Answer each question and give the p95 in milliseconds and the answers."""
    shop_id, as_of, files = json.loads((folder / "files.json").read_text())
    con = duckdb.connect(str(folder / "features.db"), read_only=True)
    con.execute("SET TimeZone = 'UTC'")
    for table in ("orders", "order_lines", "events"):
        con.execute(_facts(table, files))
    con.execute(f"CREATE TEMP VIEW spend AS FROM read_parquet({files['spend']}, union_by_name = true)")
    p95, answers = {}, {}
    for name, (tool, calls) in asked.items():
        rules = [one.get("rule") for one in calls]
        p95[name], answers[name] = timed([partial(_answer, con, tool, rule, shop_id, as_of) for rule in rules])
    return json.dumps({"p95": p95, "answers": answers})


def timed(calls: list[Callable[[], Any]]) -> tuple[tuple[float, float], list[Any]]:
    """Give the p95 of calls in milliseconds, by the clock and of CPU time, and what they gave."""
    took, said = [], []
    for call in calls:
        clock, cpu = time.perf_counter(), time.process_time()
        said.append(call())
        took.append((time.perf_counter() - clock, time.process_time() - cpu))
    by_clock, of_cpu = (float(value) * 1000 for value in np.quantile(took, 0.95, axis=0))
    return (by_clock, of_cpu), said


def _facts(table: str, files: dict[str, list[str]]) -> str:
    """Latest revisions under the person each record is now."""
    replaced = f"read_parquet({files['superseded']}, union_by_name = true)" if files.get("superseded") else None
    gone = f"ANTI JOIN (FROM {replaced} WHERE fact_kind = '{table}') s USING (fact_id, revision)" if replaced else ""
    return (
        f"CREATE TEMP VIEW {table} AS SELECT f.*, coalesce(i.person_id, f.subject_id) AS who "
        f"FROM (FROM read_parquet({files[table]}, union_by_name = true) f {gone}) f "
        f"LEFT JOIN read_parquet({files['identities']}) i ON f.subject_id = i.subject_id"
    )


def _answer(con: Any, tool: str, rule: dict[str, Any] | None, shop_id: str, as_of: str) -> Any:
    def rows(query: str) -> list[Any]:
        found: list[Any] = con.execute(query.replace("$as_of", f"TIMESTAMPTZ '{as_of}'")).fetchall()
        return found

    match tool:
        case "store_overview":
            [[n]] = rows(f"SELECT count(DISTINCT who) FROM orders WHERE shop_id = '{shop_id}' AND event_at <= $as_of")
            reach = "consent_email OR consent_sms OR consent_push"
            counted = rows(f"SELECT cohort, count(*), count(*) FILTER ({reach}) FROM buyers GROUP BY cohort")
            return [n, {cohort: [all_of, reached] for cohort, all_of, reached in counted}]
        case "list_segments":
            return {cohort: _shown(n) for cohort, n in rows("SELECT cohort, count(*) FROM buyers GROUP BY cohort")}
        case "budget_audit":
            last = "(SELECT max(period_end) FROM spend WHERE period_start <= $as_of::DATE)"
            within = f"period_start <= $as_of::DATE AND period_end > {last} - 90"
            return rows(f"SELECT coalesce(sum(amount_minor), 0)::BIGINT FROM spend WHERE {within}")[0][0]
        case "forecast_repeat":
            return [row[0] for row in rows(CURVE)]
        case "recommend":
            return [row[0] for row in rows(PAIRS)]
    assert rule is not None
    return _shown(rows(_sized(rule, shop_id))[0][0])


def _sized(rule: dict[str, Any], shop_id: str) -> str:
    if rule["op"] == "compare":
        return f"SELECT count(*) FROM profiles WHERE {rule['attribute']} >= {rule['value']}"
    kind = "orders" if rule["op"] == "bought" else "events"
    which = PURCHASE if kind == "orders" else "kind = 'view' AND NOT is_machine"
    within = f"event_at > $as_of - INTERVAL {rule['within_days']} DAY AND event_at <= $as_of"
    return f"SELECT count(DISTINCT who) FROM {kind} WHERE shop_id = '{shop_id}' AND {which} AND {within}"


def _shown(n: int) -> int | str:
    return n if n >= 10 or n == 0 else "fewer than 10"
