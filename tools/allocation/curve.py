"""What other budgets would earn: the curve of a limit, each point starting from the multipliers of the one before.

A point is the dual optimum: no plan within that budget earns more, and a plan comes as near to it as the one plan's
gap says. Its slope is the price of money there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor

import numpy as np

from memory.domain.errors import NotFound

from .columns import Columns, add_up, choice_at
from .limits import Budget, Floats, Sides, Sums, sides_of
from .multipliers import FIRST_WIDTH, SMALL, Units, Warm, narrowed, sampled, units
from .prepare import one_per_type, prepare
from .problem import Problem, check
from .screen import screen
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
    every = [sides_of(_with_most(problem, place, most).limits, problem.n_groups, problem.n_options) for most in mosts]
    shared = _shared(apart, [every[0], every[-1]], unit)
    points, warm = [], Warm()
    for most, here in zip(mosts, every, strict=True):
        if not len(here.broken(free)):
            points.append(CurvePoint(most, int(free.value), 0.0))
            continue
        left = replace(here, bound=here.bound - here.usage(shared.settled))
        found = narrowed(shared.open, left, unit, None, lowest - shared.settled.value, warm)
        bound, price = found.bound + shared.settled.value, found.multipliers
        if bound >= lowest and not shared.holds(price):
            found = narrowed(apart, here, unit, price, lowest)
            bound, price = found.bound, found.multipliers
        is_possible = bound >= lowest
        points.append(
            CurvePoint(most, floor(bound) if is_possible else None, float(price[side]) if is_possible else 0.0)
        )
    return tuple(points)


@dataclass(frozen=True)
class _Shared:
    """Decisions that some budget of the curve may change, and what all others add up to."""

    open: Columns
    settled: Sums
    low: Floats
    high: Floats

    def holds(self, multipliers: Floats) -> bool:
        """Say whether the others stay settled at these multipliers."""
        return bool(((multipliers >= self.low) & (multipliers <= self.high)).all())


def _shared(columns: Columns, ends: list[Sides], unit: Units) -> _Shared:
    """Settle once who is the same at both ends of the curve, as a sample of few and of many shows them."""
    none = np.zeros(len(ends[0]))
    if columns.n <= SMALL:
        return _Shared(columns, add_up(columns, np.full(columns.n, columns.m)), none, none + np.inf)
    guesses = np.array([sampled(columns, sides, unit, None)[0] for sides in ends])
    spare = 2 * FIRST_WIDTH * unit.scale + 0.02 * guesses.max(axis=0)
    low, high = np.maximum(guesses.min(axis=0) - spare, 0.0), guesses.max(axis=0) + spare
    found = screen(columns, ends[0], (low + high) / 2, (high - low) / 2)
    return _Shared(columns.take(found.open), found.settled, low, high)


def _place(problem: Problem, name: str) -> int:
    places = [place for place, limit in enumerate(problem.limits) if isinstance(limit, Budget) and limit.name == name]
    if not places:
        raise NotFound(kind="budget", id=name)
    return places[0]


def _with_most(problem: Problem, place: int, most: int) -> Problem:
    limits = list(problem.limits)
    limits[place] = replace(limits[place], most=most)
    return replace(problem, limits=tuple(limits))
