"""A second look at a plan, sharing no code with the engine: every limit, cap and mask asked of DuckDB in SQL."""

import duckdb
import numpy as np
import pyarrow as pa

from tools.allocation import Budget, Problem


def violations(problem: Problem, option: np.ndarray) -> list[str]:
    """Give what a choice (n,) breaks, in words; -1 does nothing."""
    con = duckdb.connect()
    con.execute("SET threads = 1")
    n = problem.n_decisions
    groups = problem.group if problem.n_groups > 1 else np.zeros(n, dtype=np.int64)
    person = problem.per_person.person if problem.per_person else np.arange(n)
    at_most = problem.per_person.at_most if problem.per_person else np.ones(n, dtype=np.int64)
    chosen = pa.table({"decision": np.arange(n), "option": option, "segment": groups, "person": person, "cap": at_most})
    con.register("chosen", chosen)
    found = []
    if con.sql(f"FROM chosen WHERE option < -1 OR option >= {problem.n_options}").fetchall():
        found.append("an option that is not there")
    for number, allowed in enumerate(problem.allowed):
        con.register("allowed", pa.table({"decision": np.arange(n), "is_allowed": allowed}))
        query = f"FROM chosen JOIN allowed USING (decision) WHERE option = {number} AND NOT is_allowed LIMIT 1"
        if con.sql(query).fetchall():
            found.append(f"option {number} where it is not allowed")
    over = "SELECT person FROM chosen GROUP BY person, cap HAVING count(*) FILTER (option >= 0) > cap LIMIT 1"
    if con.sql(over).fetchall():
        found.append("a cap per person")
    return found + [words for limit in problem.limits if (words := _broken(con, problem, limit))]


def _broken(con: duckdb.DuckDBPyConnection, problem: Problem, limit: object) -> str:
    if isinstance(limit, Budget):
        total = 0
        for number, cost in enumerate(problem.costs[limit.cost]):
            con.register("costs", pa.table({"decision": np.arange(len(cost)), "cost": cost}))
            query = f"SELECT coalesce(sum(cost), 0) FROM chosen JOIN costs USING (decision) WHERE option = {number}"
            total += int(con.sql(query).fetchall()[0][0])
        return "" if total <= limit.most else f"{limit.name}: {total} of {limit.most}"
    segment, option = np.nonzero(limit.member)  # type: ignore[attr-defined]
    con.register("member", pa.table({"segment": segment, "option": option}))
    [[counted]] = con.sql("SELECT count(*) FROM chosen JOIN member USING (segment, option)").fetchall()
    least, most = limit.least, limit.most  # type: ignore[attr-defined]
    name = limit.name  # type: ignore[attr-defined]
    return "" if least <= counted and (most is None or counted <= most) else f"{name}: {counted} of {least} to {most}"
