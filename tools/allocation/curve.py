"""What other budgets would earn: the curve of a limit, each point starting from the multipliers of the one before.

A point is the dual optimum: no plan within that budget earns more, and a plan comes as near to it as the one plan's
gap says. Its slope is the price of money there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from memory.domain.errors import NotFound

from .columns import add_up, choice_at
from .limits import Budget, sides_of
from .multipliers import Warm, narrowed, units
from .prepare import one_per_type, prepare
from .problem import Problem, check
from .solve import least_value
from .ties import has_ties, told_apart

SHARES = tuple(number / 10 for number in range(5, 16))
"""Eleven budgets, from half of the present one to half as much again."""


@dataclass(frozen=True)
class CurvePoint:
    """What one budget would earn."""

    most: int
    """The budget."""
    at_most: int | None
    """No plan within it is worth more; none where no plan keeps all limits."""
    price: float
    """Value that one more unit of it would return."""


def budget_curve(problem: Problem, name: str, shares: Sequence[float] = SHARES) -> tuple[CurvePoint, ...]:
    """Give the curve of the budget of this name at these shares of it; raise `NotFound` where there is none."""
    place = _place(problem, name)
    budget = problem.limits[place]
    assert isinstance(budget, Budget)
    mosts = [int(budget.most * share) for share in shares]
    check(problem)
    # options dearer than the smallest budgets stay in, which keeps every point's bound valid
    columns, _ = one_per_type(prepare(_with_most(problem, place, max(mosts))))
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    side = sides.names.index(name)
    free = add_up(columns, choice_at(columns, sides, np.zeros(len(sides))))
    unit, lowest = units(columns, sides, free), least_value(columns, sides)
    apart = told_apart(columns, unit.worth, unit.grid) if has_ties(columns) else columns
    points, warm = [], Warm()
    for most in mosts:
        here = sides_of(_with_most(problem, place, most).limits, problem.n_groups, problem.n_options)
        if not len(here.broken(free)):
            points.append(CurvePoint(most, int(free.value), 0.0))
            continue
        found = narrowed(apart, here, unit, None, lowest, warm)
        if found.bound < lowest:
            points.append(CurvePoint(most, None, 0.0))
            continue
        points.append(CurvePoint(most, int(np.floor(found.bound)), float(found.multipliers[side])))
    return tuple(points)


def _place(problem: Problem, name: str) -> int:
    places = [place for place, limit in enumerate(problem.limits) if isinstance(limit, Budget) and limit.name == name]
    if not places:
        raise NotFound(kind="budget", id=name)
    return places[0]


def _with_most(problem: Problem, place: int, most: int) -> Problem:
    limits = list(problem.limits)
    limits[place] = replace(limits[place], most=most)
    return replace(problem, limits=tuple(limits))
