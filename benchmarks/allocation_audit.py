"""A second look at a plan, sharing no code with the engine: every limit, cap and mask asked of DuckDB in SQL."""

import duckdb
import numpy as np
import pyarrow as pa

from tools.allocation import Budget, Problem


def violations(problem: Problem, option: np.ndarray) -> list[str]:
    """Give what a choice (n,) breaks, in words; -1 does nothing."""
    con = duckdb.connect()
    con.execute("SET threads = 1")
    con.register("rows", _rows(problem, option))
    con.execute("CREATE TABLE chosen AS FROM rows")
    found = []
    cells = range(problem.n_options)
    allowed = _case("allowed", cells)
    if _number(con, f"SELECT count(*) FROM chosen WHERE option < -1 OR option >= {problem.n_options}"):
        found.append("an option that is not there")
    if _number(con, f"SELECT count(*) FROM chosen WHERE option >= 0 AND NOT {allowed}"):
        found.append("an option that is not allowed")
    over = "SELECT person FROM chosen GROUP BY person, cap HAVING count(*) FILTER (option >= 0) > cap"
    if problem.per_person and _number(con, f"SELECT count(*) FROM ({over})"):
        found.append("a cap per person")
    for limit in problem.limits:
        if isinstance(limit, Budget):
            case = _case(f"cost_{limit.cost}", cells)
            used = _number(con, f"SELECT coalesce(sum({case}), 0) FROM chosen WHERE option >= 0")
            least, most = 0, limit.most
        else:
            segment, member = np.nonzero(limit.member)
            con.register("member", pa.table({"segment": segment, "option": member}))
            used = _number(con, "SELECT count(*) FROM chosen JOIN member USING (segment, option)")
            least, most = limit.least, used if limit.most is None else limit.most
        if not least <= used <= most:
            found.append(f"{limit.name}: {used} of {least} to {most}")
    con.close()
    return found


def _rows(problem: Problem, option: np.ndarray) -> pa.Table:
    n = problem.n_decisions
    columns = {
        "option": option,
        "segment": problem.group if problem.n_groups > 1 else np.zeros(n, dtype=np.int64),
        "person": problem.per_person.person if problem.per_person else np.arange(n),
        "cap": problem.per_person.at_most if problem.per_person else np.ones(n, dtype=np.int64),
    }
    columns |= {f"allowed_{number}": cells for number, cells in enumerate(problem.allowed)}
    for place, cost in enumerate(problem.costs):
        columns |= {f"cost_{place}_{number}": cells for number, cells in enumerate(cost)}
    return pa.table(columns)


def _case(name: str, options: range) -> str:
    return "CASE option " + " ".join(f"WHEN {one} THEN {name}_{one}" for one in options) + " END"


def _number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    [[found]] = con.sql(query).fetchall()
    return int(found)
