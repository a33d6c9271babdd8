"""The same problem as one big linear or integer program, for solvers that know no structure."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csc_array, vstack

from tools.allocation import Budget, Problem


class Program(NamedTuple):
    """Maximise value x amount where matrix x amount <= upper and amount >= 0."""

    value: np.ndarray
    """(columns,): in whole minor units of 1,000 thousandths."""
    matrix: Any
    """(rows, columns): limits, then decisions."""
    upper: np.ndarray
    """(rows,)."""


def program_of(problem: Problem) -> Program:
    """Give the program over options that are allowed and worth something; limits from above only."""
    option, decision = np.nonzero(problem.allowed & (problem.value > 0))
    columns, rows, upper = np.arange(len(option)), [], []
    for limit in problem.limits:
        if isinstance(limit, Budget):
            rows.append(problem.costs[limit.cost][option, decision] / 1_000)
            upper.append(limit.most / 1_000)
        else:
            group = problem.group[decision] if problem.n_groups > 1 else np.zeros(len(decision), dtype=np.int64)
            rows.append(limit.member[group, option].astype(np.float64))
            upper.append(float(limit.most or 0))
    shape = (problem.n_decisions, len(columns))
    mine = csc_array((np.ones(len(columns)), (decision, columns)), shape=shape)
    matrix = vstack([csc_array(np.array(rows)), mine], format="csc")
    return Program(problem.value[option, decision] / 1_000, matrix, np.append(upper, np.ones(problem.n_decisions)))


def save(program: Program, path: Path) -> None:
    """Write the program to a file the peer reads."""
    matrix = program.matrix
    np.savez(
        path, value=program.value, data=matrix.data, indices=matrix.indices, indptr=matrix.indptr, upper=program.upper,
        shape=np.array(matrix.shape),
    )  # fmt: skip


def highs(program: Program, seconds: float, whole: bool) -> tuple[float, float]:
    """Give HiGHS' objective and bound in thousandths; one thread, a relative gap of 1e-6, at most `seconds`."""
    import highspy

    lp = highspy.HighsLp()
    n_rows, n = program.matrix.shape
    lp.num_col_, lp.num_row_, lp.sense_ = n, n_rows, highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.value, np.zeros(n), np.ones(n)
    lp.row_lower_, lp.row_upper_ = np.full(n_rows, -highspy.kHighsInf), program.upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = program.matrix.indptr, program.matrix.indices
    lp.a_matrix_.value_ = program.matrix.data
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * n
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 1e-6), ("time_limit", seconds)):
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    solver.run()
    info = solver.getInfo()
    bound = info.mip_dual_bound if whole else info.objective_function_value
    return float(info.objective_function_value) * 1_000, float(bound) * 1_000
