"""Which limits cannot be met together: a smallest set of names.

Multipliers at which the dual function of a problem without values is negative prove that no choice, not even a
fractional one, keeps the limits (Farkas). The limits they price are a conflict; each is left out in turn, and stays
out where the others conflict without it (deletion filter, Chinneck and Dravnieks 1991).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .bundle import Region, minimise
from .columns import BLOCKED, NumpyPass
from .limits import Budget, Ints, Limit, sides_of
from .plan import Infeasible
from .prepare import one_per_type, prepare
from .problem import Problem

PER_PERSON = "caps per person"
"""Name of the caps over several decisions of one person in a conflict."""
PROOF = -1e-3
"""A dual value below it is negative whatever the rounding; about a thousandth of a decision."""


def conflict_of(problem: Problem) -> Infeasible:
    """Give a smallest set of limits of which no choice keeps all; unproven where a fractional one would."""
    priced = _conflicting(problem)
    if priced is None:
        return Infeasible(tuple(limit.name for limit in problem.limits), is_proven=False)
    kept = [limit for limit in problem.limits if limit.name in priced]
    has_caps = problem.per_person is not None
    if has_caps and _conflicting(_only(problem, kept, False)) is not None:
        has_caps = False
    # which set is left depends on the order of leaving out; the smaller of both ways is easier to act on
    sets = [_smallest(problem, order, has_caps) for order in (kept, kept[::-1], list(problem.limits)[::-1])]
    names = {limit.name for limit in min(sets, key=len)}
    found = tuple(limit.name for limit in problem.limits if limit.name in names)
    return Infeasible((*found, PER_PERSON) if has_caps else found)


def _smallest(problem: Problem, kept: list[Limit], has_caps: bool) -> list[Limit]:
    """Leave out one limit after the other as long as the rest conflicts."""
    place = 0
    while place < len(kept):
        fewer = kept[:place] + kept[place + 1 :]
        found = _conflicting(_only(problem, fewer, has_caps)) if fewer else None
        if found is None:
            place += 1
        else:
            kept = [limit for limit in fewer if limit.name in found]
    return kept


def _only(problem: Problem, limits: Sequence[Limit], has_caps: bool) -> Problem:
    return replace(problem, limits=tuple(limits), per_person=problem.per_person if has_caps else None)


def _conflicting(problem: Problem) -> set[str] | None:
    """Give limits that conflict; none where a fractional choice keeps all."""
    found = _priced(problem)
    if found is None or len(found) == len(problem.limits):
        return found
    # a budget also conflicts by what is dearer than all of it, which no multiplier shows
    fewer = replace(problem, limits=tuple(limit for limit in problem.limits if limit.name in found))
    return found if _priced(fewer) is not None else {limit.name for limit in problem.limits}


def _priced(problem: Problem) -> set[str] | None:
    """Give the limits whose multipliers prove that no choice keeps all; none where a fractional one does."""
    columns = prepare(problem)
    summed = {limit.cost for limit in problem.limits if isinstance(limit, Budget)}
    costs = tuple(cost if place in summed else np.zeros_like(cost) for place, cost in enumerate(columns.costs))
    bare = replace(columns, value=np.where(columns.value > BLOCKED, 0, BLOCKED), costs=costs)
    merged, _ = one_per_type(bare)
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    if not len(sides):
        return None
    scale = np.array([1.0 / _mean(costs[cost]) if cost >= 0 else 1.0 for cost in sides.cost])
    none, grid = np.zeros(len(sides)), 2.0**-30
    high = np.maximum(np.round(scale / grid), 1) * grid
    bound = sides.bound.astype(np.float64)
    point = minimise(NumpyPass(merged, sides), sides, bound, Region(none, none, high, scale, grid), 1e-9, PROOF)
    if point.bound >= PROOF:
        return None
    return {name for name, price in zip(sides.names, point.multipliers, strict=True) if price > 0}


def _mean(cost: Ints) -> float:
    return max(float(cost.mean()), 1.0) if cost.size else 1.0
