"""The allocation: the best plan the limits allow, with a certificate, or the limits that conflict."""

from fractions import Fraction
from math import floor

import numpy as np

from memory.domain.errors import SecondOrderError

from .columns import BLOCKED, Columns, NumpyPass, add_up, choice_at
from .conflict import conflict_of
from .expand import assembled, single, spread
from .finish import finish
from .limits import Floats, Ints, Sides, Sums, sides_of
from .multipliers import narrowed, units
from .plan import AllocationPlan, Infeasible, Price
from .prepare import one_per_type, prepare
from .problem import Problem, check
from .ties import has_ties, told_apart


class BrokenPlan(SecondOrderError):
    """The allocation made a plan that breaks {limits}; nothing of it is used. Report it with the tick's batch."""


GOAL = 5e-6
"""Distance from the bound, as a share of it, at which the search ends."""


def solve(problem: Problem, goal: float = GOAL, start: Floats | None = None) -> AllocationPlan | Infeasible:
    """Give the plan of the largest sum of values that keeps every limit, cap and mask.

    The plan is whole and checked again; its bound comes from a pass of its own over all decisions, or from a finished
    search over all near ties. `start` are multipliers of a similar problem. Raises `InvalidInput` for arrays that do
    not fit together. The method: Lagrangian duals by cutting planes (Kelley 1960), exact screening, an exact linear
    program over near ties, repair and search over integers.
    """
    check(problem)
    columns = prepare(problem)
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    none = np.zeros(len(sides))
    free = choice_at(columns, sides, none)
    sums = add_up(columns, free)
    if not len(sides.broken(sums)):
        return planned(columns, sides, free, none, int(sums.value), 0)
    if not problem.value.size:
        return conflict_of(problem)
    merged, kind = one_per_type(columns)
    lowest = least_value(merged, sides)
    unit = units(merged, sides, sums)
    apart = told_apart(merged, unit.worth, unit.grid) if has_ties(merged) else merged
    narrow = narrowed(apart, sides, unit, start, lowest)
    if narrow.bound < lowest:
        return conflict_of(problem)
    ending = finish(apart, narrow, sides, goal)
    if ending.best is None:
        return conflict_of(problem)
    option = single(ending.best)
    if len(kind):
        person = problem.per_person.person if problem.per_person else np.zeros(columns.n, dtype=np.int64)
        option = spread(merged, kind, person, assembled(merged, ending.best))
    bound = certified(columns, sides, ending.multipliers)
    if ending.searched_bound < bound:
        bound = floor(ending.searched_bound)
    return planned(columns, sides, option, ending.multipliers, bound, narrow.n_passes)


def least_value(columns: Columns, sides: Sides) -> float:
    """Give a value that no feasible choice falls below."""
    if (sides.bound >= 0).all():
        return -1.0
    lowest = np.zeros(columns.n)
    for cells in columns.value:
        np.minimum(lowest, np.where(cells > BLOCKED, cells, 0), out=lowest)
    return float((lowest * columns.weight if len(columns.weight) else lowest).sum()) - 1.0


def certified(columns: Columns, sides: Sides, multipliers: Floats) -> int:
    """Give the dual function at these multipliers, exactly, rounded down: values are whole."""
    sums = NumpyPass(columns, sides)(multipliers)
    exact = Fraction(sums.value)
    for price, left in zip(multipliers.tolist(), (sides.bound - sides.usage(sums)).tolist(), strict=True):
        exact += Fraction(price) * left
    return floor(exact)


def planned(
    columns: Columns, sides: Sides, option: Ints, multipliers: Floats, bound: int, n_passes: int
) -> AllocationPlan:
    """Give whole decisions (n,; n_options for nothing) as a plan with its prices; a broken one raises `BrokenPlan`."""
    sums = add_up(columns, option)
    audit(columns, sides, option, sums, bound)
    value = int(sums.value)
    used = sides.usage(sums)
    prices = tuple(
        Price(name, float(price), bool(limit < 0), abs(int(use)), abs(int(limit)))
        for name, price, use, limit in zip(sides.names, multipliers, used, sides.bound, strict=True)
    )
    chosen = np.where(option < columns.m, option, -1)
    return AllocationPlan(chosen, value, bound, sums, prices, multipliers, n_passes)


def audit(columns: Columns, sides: Sides, option: Ints, sums: Sums, bound: int) -> None:
    """Check a plan against every limit, cap and mask, and its bound, before anybody sees it; raise `BrokenPlan`."""
    broken = [sides.names[one] for one in sides.broken(sums)]
    rows = np.flatnonzero(option < columns.m)
    if (columns.value[option[rows], rows] <= BLOCKED).any():
        broken.append("options that are not allowed")
    if columns.caps is not None:
        caps = columns.caps
        if (np.add.reduceat((option[caps.rows] < columns.m).astype(np.int64), caps.starts) > caps.at_most).any():
            broken.append("caps per person")
    if bound < sums.value:
        broken.append("its own bound")
    if broken:
        raise BrokenPlan(limits=", ".join(broken))
