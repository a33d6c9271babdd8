"""From multipliers to whole decisions: linear program over near ties, repair, and search until the gap is met."""

from dataclasses import dataclass

import numpy as np

from .columns import Columns, NumpyPass
from .limits import Floats, Ints, Sides
from .multipliers import Narrowed
from .near import Near, near_ties
from .repair import repaired, rounded_down
from .whole import relaxed, searched

FIRST_SIZE = 600
SEARCHES = ((60, 300), (240, 300))
"""How many near ties are searched, and for how many nodes, one after the other until the goal is met."""
THOROUGH = ((960, 20_000),)
"""What is added where the goal is the best possible, whatever it takes."""


@dataclass(frozen=True)
class Finished:
    """The best whole choice found among the open decisions."""

    option: Ints
    """(n,): choice of the decisions that are no near ties."""
    rows: Ints
    """(c,): positions of the near ties."""
    amount: Ints
    """(c, m + 1): how many of each near tie take which option."""
    value: float
    """Sum of values."""


@dataclass(frozen=True)
class Ending:
    """The outcome of the last stage."""

    best: Finished | None
    """None where no feasible whole choice was found."""
    multipliers: Floats
    """Those of the best bound."""
    searched_bound: float
    """What a finished search proved; infinite where none was finished."""


def finish(columns: Columns, narrow: Narrowed, sides: Sides, goal: float) -> Ending:
    """Give whole decisions whose distance from the bound is at most `goal` of it, where that can be had."""
    work = _Work(columns, narrow, sides)
    best = work.from_program()
    for size, n_nodes in SEARCHES if goal > 0 else SEARCHES + THOROUGH:
        if best is not None and work.bound - best.value <= goal * max(abs(work.bound), 1.0):
            break
        best = work.from_search(best, size, n_nodes, goal)
    return Ending(best, work.multipliers, work.searched_bound)


class _Work:
    """The decisions with the best multipliers and bounds so far."""

    def __init__(self, columns: Columns, narrow: Narrowed, sides: Sides) -> None:
        self.columns, self.narrow, self.sides = columns, narrow, sides
        self.room: Ints = sides.bound - sides.usage(narrow.settled)
        self.multipliers = narrow.multipliers
        self.dual = narrow.bound
        self.searched_bound = np.inf

    @property
    def bound(self) -> float:
        """The smaller of both bounds; values are whole."""
        return float(min(np.floor(self.dual + 1e-6), self.searched_bound))

    def from_program(self) -> Finished | None:
        """Solve the linear program over ever more near ties until it meets the dual bound; round and repair."""
        size, best = FIRST_SIZE, None
        while True:
            near = near_ties(self.narrow.open, self.sides, self.room, self.multipliers, size)
            found = relaxed(near)
            if found is not None:
                self._price(found.multipliers)
                amount, is_kept = repaired(near, rounded_down(near, found.amount))
                best = _better(best, self._among_open(near, amount) if is_kept else None)
                short = self.dual - self.narrow.settled.value - found.value
                if short <= 1e-7 * max(abs(self.dual), 1.0):
                    return best
            if size >= self.narrow.open.n or (found is not None and size >= 8 * FIRST_SIZE):
                return best
            size *= 4

    def _price(self, multipliers: Floats) -> None:
        """Take the program's multipliers where their bound is better and the settled decisions stay settled."""
        grid = self.narrow.grid
        rounded = np.round(multipliers / grid) * grid
        low, high = self.narrow.box
        if ((rounded < low) | (rounded > high)).any():
            return
        inside = dual_value(NumpyPass(self.narrow.open, self.sides), self.sides, self.room, rounded)
        dual = self.narrow.settled.value + inside
        if dual < self.dual:
            self.dual, self.multipliers = dual, rounded

    def from_search(self, best: Finished | None, size: int, n_nodes: int, goal: float) -> Finished | None:
        """Search over the `size` nearest ties of all decisions.

        Where every option left out would lose more than what is missing to the bound, nothing better exists beyond
        them, and the search's own bound holds for all.
        """
        near = near_ties(self.columns, self.sides, self.sides.bound, self.multipliers, size)
        found = searched(near, goal * max(abs(self.bound), 1.0) / 2, n_nodes)
        if found.amount is not None:
            amount, is_kept = repaired(near, found.amount)
            value = near.fixed.value + float((near.value * amount).sum())
            best = _better(best, Finished(near.option, near.rows, amount, value) if is_kept else None)
        if best is not None and near.reach >= self.dual - best.value:
            proven = float(np.floor(found.bound + 1e-3))
            self.searched_bound = min(self.searched_bound, max(proven, best.value))
        return best

    def _among_open(self, near: Near, amount: Ints) -> Finished:
        option = self.narrow.option.copy()
        option[self.narrow.rows] = near.option
        value = self.narrow.settled.value + near.fixed.value + float((near.value * amount).sum())
        return Finished(option, self.narrow.rows[near.rows], amount, value)


def dual_value(run: NumpyPass, sides: Sides, room: Ints, multipliers: Floats) -> float:
    """Give the dual function of some decisions with this room."""
    sums = run(multipliers)
    return float(sums.value) + float((multipliers * (room - sides.usage(sums))).sum())


def _better(best: Finished | None, other: Finished | None) -> Finished | None:
    if best is None or (other is not None and other.value > best.value):
        return other
    return best
