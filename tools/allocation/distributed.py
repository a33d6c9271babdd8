"""The dual pass as an Ibis expression: the same sums where the decisions lie, on DuckDB or Spark.

One row per decision, one column per option, so that a pass needs no shuffle but that of a few sums (caps per person
need their people side by side). Everything is a 64-bit integer: values and multipliers are counted in steps of the
grid, so every engine finds what numpy finds, to the last unit.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .limits import Floats, Sides, Sums
from .problem import Problem

NEVER = -(2**62)
"""Reduced value of an option that must not be chosen."""


@dataclass(frozen=True)
class Shape:
    """How many columns of each kind a table of decisions has."""

    n_options: int
    """Columns value_0, value_1 ...; null where the option must not be chosen."""
    n_costs: int
    """Columns cost_0_0 ... cost_k_j: cost k of option j."""
    n_groups: int
    """Numbers in the column segment."""
    has_caps: bool
    """Whether the columns person and at_most hold caps over several decisions of one person."""


def rows_of(problem: Problem) -> tuple[pa.Table, Shape]:
    """Give a problem as a table of decisions, ascending, as the pass reads it."""
    columns: dict[str, pa.Array] = {"decision": pa.array(np.arange(problem.n_decisions))}
    for option, (value, allowed) in enumerate(zip(problem.value, problem.allowed, strict=True)):
        columns[f"value_{option}"] = pa.array(value, mask=~allowed)
    for number, cost in enumerate(problem.costs):
        columns |= {f"cost_{number}_{option}": pa.array(cells) for option, cells in enumerate(cost)}
    group = problem.group if problem.n_groups > 1 else np.zeros(problem.n_decisions, dtype=np.int64)
    columns["segment"] = pa.array(group)
    if problem.per_person:
        columns["person"] = pa.array(problem.per_person.person)
        columns["at_most"] = pa.array(problem.per_person.at_most)
    shape = Shape(problem.n_options, len(problem.costs), problem.n_groups, problem.per_person is not None)
    return pa.table(columns), shape


@dataclass(frozen=True)
class IbisPass:
    """The pass over a table of decisions; fulfils `Pass` as `NumpyPass` does."""

    table: ir.Table
    """Decisions as `rows_of` gives them, wherever they lie."""
    shape: Shape
    """Its columns."""
    sides: Sides
    """The limits."""
    grid: float
    """A power of two; multipliers are whole multiples of it."""

    def __call__(self, multipliers: Floats) -> Sums:
        """Give the sums of the best choice at these multipliers."""
        found = self.sums(multipliers).to_pyarrow()
        # a filter in the query would be pushed below all steps, and each step's terms repeated in the next
        found = found.filter(pc.less(found["option"], self.shape.n_options))
        shape = self.shape
        count = np.zeros((shape.n_groups, shape.n_options), dtype=np.int64)
        count[found["segment"].to_numpy(), found["option"].to_numpy()] = found["n"].to_numpy()
        cost = [int(found[f"cost_{number}"].to_numpy().sum()) for number in range(shape.n_costs)]
        return Sums(float(found["value"].to_numpy().sum()), np.array(cost, dtype=np.int64), count)

    def sums(self, multipliers: Floats) -> ir.Table:
        """Give segment, option, n, value and the sum of each cost of the best choice, those who get nothing too."""
        chosen = self.choice(multipliers)
        columns = {"n": chosen.count().cast("int64"), "value": chosen["value"].sum().cast("int64")}
        for number in range(self.shape.n_costs):
            columns[f"cost_{number}"] = chosen[f"cost_{number}"].sum().cast("int64")
        return chosen.group_by("segment", "option").agg(**columns)

    def choice(self, multipliers: Floats) -> ir.Table:
        """Give decision, segment, option (n_options for nothing), worth, value and costs of the best choice."""
        shape, rows = self.shape, self._scored(multipliers)
        nothing = _whole(shape.n_options)
        found = rows["scores"].index(rows["best"]).cast("int64")
        rows = rows.mutate(
            option=(rows["best"] > 0).ifelse(found, nothing), worth=ibis.greatest(_whole(0), rows["best"])
        )
        if shape.has_caps:
            window = ibis.window(group_by="person", order_by=[rows["worth"].desc(), rows["decision"]])
            rows = rows.mutate(place=ibis.row_number().over(window))
            rows = rows.mutate(option=(rows["place"] < rows["at_most"]).ifelse(rows["option"], nothing))
        taken = {name: self._taken(rows, name) for name in ("value", *(f"cost_{one}" for one in range(shape.n_costs)))}
        return rows.select("decision", "segment", "option", "worth", **taken)

    def nearest(self, multipliers: Floats, size: int) -> ir.Table:
        """Give the `size` decisions whose best option, or nothing, leads the second best by least, with the lead."""
        rows = self._scored(multipliers)
        ranked = rows.mutate(ranked=rows["scores"].concat(ibis.array([_whole(0)])).sort())
        last = self.shape.n_options
        ranked = ranked.mutate(lead=ranked["ranked"][last] - ranked["ranked"][last - 1])
        kept = ranked.order_by("lead", "decision").limit(size)
        return kept.select(*self.table.columns, "lead")

    def lowest(self) -> int:
        """Give a sum of values that no choice falls below."""
        values = [self.table[f"value_{option}"] for option in range(self.shape.n_options)]
        worst = ibis.least(_whole(0), *(value.cast("int64").fill_null(_whole(0)) for value in values))
        return int(self.table.agg(lowest=worst.sum().cast("int64")).to_pyarrow()["lowest"][0].as_py() or 0)

    def _scored(self, multipliers: Floats) -> ir.Table:
        """Add every option's reduced value as an array, and the best of them."""
        scores = [self._reduced(option, multipliers) for option in range(self.shape.n_options)]
        rows = self.table.mutate(scores=ibis.array(scores))
        return rows.mutate(best=rows["scores"].maxs())

    def _taken(self, rows: ir.Table, name: str) -> ir.IntegerValue:
        """Give what the option taken is worth or costs; 0 for nothing."""
        cells = ibis.array(
            [*(rows[f"{name}_{option}"].cast("int64") for option in range(self.shape.n_options)), _whole(0)]
        )
        return cells[rows["option"]]

    def _reduced(self, option: int, multipliers: Floats) -> ir.IntegerValue:
        """Give an option's value less what its coefficients are charged, in steps of the grid."""
        table, steps = self.table, np.round(multipliers / self.grid).astype(np.int64)
        value = table[f"value_{option}"].cast("int64") * _whole(round(1 / self.grid))
        for side, price in enumerate(steps.tolist()):
            cost = int(self.sides.cost[side])
            if not price:
                continue
            if cost >= 0:
                value = value - table[f"cost_{cost}_{option}"].cast("int64") * _whole(price)
                continue
            for sign in (1, -1):
                groups = np.flatnonzero(self.sides.member[side, :, option] == sign).tolist()
                if groups:
                    charged = table["segment"].isin(groups).ifelse(_whole(sign * price), _whole(0))
                    value = value - charged
        return value.fill_null(_whole(NEVER))


def _whole(number: int) -> ir.IntegerScalar:
    return ibis.literal(int(number), "int64")
