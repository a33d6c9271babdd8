"""Whole decisions for the near ties: the exact linear program, then an exact search over integers (HiGHS)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .limits import Floats, Ints
from .near import Near


@dataclass(frozen=True)
class Relaxed:
    """The optimum of the linear program over near ties."""

    amount: Floats
    """(c, m + 1): how many take each option; not whole."""
    value: float
    """Sum of values with those of the fixed decisions."""
    multipliers: Floats
    """(sides,): the price of each limit."""


@dataclass(frozen=True)
class Searched:
    """What the search over integers found."""

    amount: Ints | None
    """(c, m + 1): how many take each option; none where nothing feasible was found."""
    bound: float
    """No whole choice over these near ties is worth more, those of the fixed decisions included."""


def relaxed(near: Near) -> Relaxed | None:
    """Solve the linear program over the near ties; none where the room cannot be met."""
    program = _Program(near)
    solver = program.solver(whole=False)
    if not program.solved(solver):
        return None
    duals = np.array(solver.getSolution().row_dual[: len(near.room)])
    # a maximisation in HiGHS has duals >= 0 for rows bounded from above
    multipliers = np.maximum(duals, 0.0) * program.unit / program.row_unit
    return Relaxed(program.amounts(solver), program.value(solver), multipliers)


def searched(near: Near, rest: float, n_nodes: int) -> Searched:
    """Search whole choices until the best possible is at most `rest` better, or for `n_nodes` nodes."""
    program = _Program(near)
    solver = program.solver(whole=True)
    solver.setOptionValue("mip_max_nodes", n_nodes)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", rest / program.unit)
    program.solved(solver)
    info = solver.getInfo()
    bound = float(near.fixed.value) + info.mip_dual_bound * program.unit
    found = np.array(solver.getSolution().col_value)
    if len(found) < len(program.row) or info.primal_solution_status != program.feasible:
        return Searched(None, bound)
    return Searched(np.round(program.amounts(solver)).astype(np.int64), bound)


class _Program:
    """Near ties as a program in HiGHS' terms: one column per usable option, scaled to numbers near one."""

    def __init__(self, near: Near) -> None:
        self.near = near
        nothing = near.value.shape[1] - 1
        self.row, self.option = np.nonzero(near.usable[:, :nothing])
        values = near.value[self.row, self.option].astype(np.float64)
        self.unit = max(float(np.abs(values).mean()), 1.0) if len(values) else 1.0
        self.values = values / self.unit
        use = near.use[:, self.row, self.option].astype(np.float64)
        self.row_unit = np.maximum(np.abs(use).max(axis=1, initial=1.0), 1.0)
        self.use = use / self.row_unit[:, None]
        self.feasible = 2

    def solver(self, whole: bool) -> Any:
        """Give HiGHS with the program in it, on one thread."""
        import highspy

        lp, infinite = highspy.HighsLp(), highspy.kHighsInf
        matrix, upper = self._matrix()
        lp.num_col_, lp.num_row_ = len(self.row), len(upper)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_, lp.col_lower_ = self.values, np.zeros(len(self.row))
        lp.col_upper_ = self.near.weight[self.row].astype(np.float64)
        lp.row_lower_, lp.row_upper_ = np.full(len(upper), -infinite), upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        if whole:
            lp.integrality_ = [highspy.HighsVarType.kInteger] * len(self.row)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 1)):
            solver.setOptionValue(name, value)
        for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance", "mip_feasibility_tolerance"):
            solver.setOptionValue(name, 1e-9)
        solver.passModel(lp)
        return solver

    def _matrix(self) -> tuple[Any, Floats]:
        """Give the columns' coefficients and every row's upper bound: limits, then decisions, then people."""
        from scipy.sparse import csc_array, vstack

        near, n = self.near, len(self.row)
        columns = np.arange(n)
        mine = csc_array((np.ones(n), (self.row, columns)), shape=(len(near.rows), n))
        capped = np.flatnonzero(near.unit[self.row] >= 0)
        people = csc_array(
            (np.ones(len(capped)), (near.unit[self.row[capped]], capped)), shape=(len(near.unit_room), n)
        )
        matrix = vstack([csc_array(self.use), mine, people], format="csc")
        return matrix, np.concatenate([near.room / self.row_unit, near.weight, near.unit_room]).astype(np.float64)

    def solved(self, solver: Any) -> bool:
        """Run and say whether the optimum was found."""
        import highspy

        solver.run()
        return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def amounts(self, solver: Any) -> Floats:
        """Give the solution as (c, m + 1)."""
        amount = np.zeros(self.near.value.shape)
        amount[self.row, self.option] = np.array(solver.getSolution().col_value)
        amount[:, -1] = self.near.weight - amount[:, :-1].sum(axis=1)
        return amount

    def value(self, solver: Any) -> float:
        """Give the sum of values with those of the fixed decisions."""
        return float(self.near.fixed.value) + float(solver.getInfo().objective_function_value) * self.unit
