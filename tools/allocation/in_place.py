"""A plan for decisions that stay where they lie: passes on DuckDB or Spark, the near ties in memory.

Only sums come back from each pass, and once the few decisions whose options are nearly tied. Their exact program and
its repair are those of `solve`; all others take what is best at the multipliers.
"""

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from memory.domain.errors import InvalidInput

from .bundle import DualPoint, Region, minimise
from .columns import BLOCKED, Columns, add_up, choice_at
from .distributed import IbisPass
from .limits import Floats, Ints, Sums
from .near import near_ties
from .plan import Infeasible
from .repair import repaired, rounded_down
from .whole import relaxed

SIZE = 2_000
"""How many near ties are brought into memory at first."""


@dataclass(frozen=True)
class PlacedPlan:
    """A plan over a table: what is best at the multipliers, but for the near ties."""

    multipliers: Floats
    """(sides,)."""
    near: pa.Table
    """decision, option of the near ties; n_options for nothing."""
    value: int
    """Sum of values."""
    bound: int
    """No choice within the limits is worth more."""
    sums: Sums
    """What the plan adds up to."""

    @property
    def gap(self) -> float:
        """How far the plan can be from the best possible, as a share of the bound."""
        return (self.bound - self.value) / max(abs(self.bound), 1)


def plan_in_place(run: IbisPass, size: int = SIZE) -> PlacedPlan | Infeasible:
    """Give a plan that keeps every limit, found without bringing the decisions into memory.

    Raises `InvalidInput` for caps over several decisions of one person: near ties are looked at one by one here.
    """
    if run.shape.has_caps:
        why, remedy = "caps over several decisions of one person", "Plan them in memory with `solve`."
        raise InvalidInput(what="a plan in place", why=why, remedy=remedy)
    none = np.zeros(len(run.sides))
    free = run(none)
    if not len(run.sides.broken(free)):
        nobody = pa.table({"decision": np.zeros(0, dtype=np.int64), "option": np.zeros(0, dtype=np.int64)})
        return PlacedPlan(none, nobody, int(free.value), int(free.value), free)
    lowest = run.lowest() - 1.0
    point = minimise(run, run.sides, run.sides.bound.astype(np.float64), _region(run, free), 1e-8, lowest)
    if point.bound < lowest:
        priced = [name for name, price in zip(run.sides.names, point.multipliers, strict=True) if price > 0]
        return Infeasible(tuple(dict.fromkeys(priced)), is_proven=False)
    total, n = run(point.multipliers), int(run.table.count().to_pyarrow().as_py())
    while True:
        found = _finished(run, point, total, size)
        if found is not None:
            return found
        if size >= n:
            return Infeasible(tuple(dict.fromkeys(run.sides.names)), is_proven=False)
        size *= 4


def chosen(run: IbisPass, plan: PlacedPlan, near: ir.Table) -> ir.Table:
    """Give decision and option of all decisions; `near` is the plan's table of near ties beside the decisions."""
    best = run.choice(plan.multipliers)
    joined = best.left_join(near.rename(exact="option"), "decision")
    return joined.select("decision", option=joined["exact"].fill_null(joined["option"]))


def _region(run: IbisPass, free: Sums) -> Region:
    n = max(int(free.count.sum()), 1)
    worth = max(free.value / n, 1.0)
    money = np.append(np.maximum(free.cost / n, 1e-3), 1.0)
    scale = np.where(run.sides.cost >= 0, worth / money[run.sides.cost], worth)
    none = np.zeros(len(run.sides))
    return Region(none, none, none + np.inf, scale, run.grid)


def _finished(run: IbisPass, point: DualPoint, total: Sums, size: int) -> PlacedPlan | None:
    """Decide the near ties exactly beside all others; none where they leave no feasible choice."""
    rows = run.nearest(point.multipliers, size).to_pyarrow()
    few = _columns(run, rows)
    mine = add_up(few, choice_at(few, run.sides, point.multipliers))
    others = Sums(total.value - mine.value, total.cost - mine.cost, total.count - mine.count)
    room = run.sides.bound - run.sides.usage(others)
    near = near_ties(few, run.sides, room, point.multipliers, few.n)
    program = relaxed(near)
    if program is None:
        return None
    amount, is_kept = repaired(near, rounded_down(near, program.amount))
    if not is_kept:
        return None
    option = amount.argmax(axis=1)
    sums = others + add_up(few, option)
    table = pa.table({"decision": rows["decision"], "option": option})
    return PlacedPlan(point.multipliers, table, int(sums.value), int(np.floor(point.bound)), sums)


def _columns(run: IbisPass, rows: pa.Table) -> Columns:
    def cells(name: str, empty: int) -> Ints:
        found = [rows[f"{name}_{option}"].fill_null(empty).to_numpy() for option in range(run.shape.n_options)]
        return np.array(found, dtype=np.int64)

    costs = tuple(cells(f"cost_{number}", 0) for number in range(run.shape.n_costs))
    group = rows["segment"].to_numpy()
    return Columns(cells("value", BLOCKED), costs, group, run.shape.n_groups, np.zeros(0), None)
