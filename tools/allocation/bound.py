"""The linear program's upper bound: no choice under this budget can be worth more.

Decisions with the same options are one type with a multiplicity, so the program stays small however many people
there are. Caps over several steps of one person are left out, which can only raise the bound.
"""

import numpy as np

from .greedy import LOWEST, Ints, Options


def upper_bound(options: Options, budget_millis: int) -> int:
    """Give the largest possible sum of net values in thousandths of a minor unit, rounded up."""
    net = np.where(options.allowed, options.net_millis, LOWEST)
    top = np.maximum(np.maximum.reduceat(net, options.starts), 0)
    types, counts = _types(options)
    width = types.shape[1] // 2
    values, costs = types[:, :width], types[:, width:]
    at_best = np.argmax(values, axis=1)
    spent = (costs[np.arange(len(types)), at_best] * counts)[values.max(axis=1) > 0].sum()
    if spent <= budget_millis:
        return int(top.sum())
    return _solve(values, costs, counts, max(budget_millis, 0))


def _types(options: Options) -> tuple[Ints, Ints]:
    """Give distinct rows of (values, costs), padded with zeros for doing nothing, and how often each occurs."""
    width = int(options.sizes.max())
    place = np.arange(len(options.allowed)) - np.repeat(options.starts, options.sizes)
    decision = np.repeat(np.arange(len(options.starts)), options.sizes)
    table = np.zeros((len(options.starts), 2 * width), dtype=np.int64)
    useful = options.allowed & (options.net_millis > 0)
    table[decision[useful], place[useful]] = options.net_millis[useful]
    table[decision[useful], width + place[useful]] = options.cost_millis[useful]
    types, counts = np.unique(table, axis=0, return_counts=True)
    return types, counts.astype(np.int64)


def _solve(values: Ints, costs: Ints, counts: Ints, budget_millis: int) -> int:
    import highspy

    kind, option = np.nonzero(values)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    for row, place in zip(kind, option, strict=True):
        solver.addVar(0.0, float(counts[row]))
        solver.changeColCost(solver.getNumCol() - 1, -float(values[row, place]))
    money = costs[kind, option].astype(np.float64)
    solver.addRow(-highspy.kHighsInf, float(budget_millis), len(money), np.arange(len(money), dtype=np.int32), money)
    for row in np.unique(kind):
        columns = np.flatnonzero(kind == row).astype(np.int32)
        solver.addRow(-highspy.kHighsInf, float(counts[row]), len(columns), columns, np.ones(len(columns)))
    solver.run()
    return int(np.ceil(-solver.getInfo().objective_function_value - 1e-6))
