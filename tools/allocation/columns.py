"""The dual pass in numpy: for given multipliers, every decision's best reduced option and what they add up to.

Option j of decision i is worth `value - multipliers x coefficients`; doing nothing is worth 0. Multipliers lie on a
grid of powers of two, so every reduced value is exact and every machine finds the same best option; ties go to doing
nothing, then to the smaller option.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from .limits import Floats, Ints, Sides, Sums

BLOCKED = -(2**45)
"""Value of an option that must not be chosen."""
CHUNK = 8_192
"""Decisions worked on at once; their columns stay in the processor's cache."""
Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Caps:
    """Decisions whose person's cap can bind, person by person."""

    rows: Ints
    """(r,): their positions, those of one person side by side."""
    starts: Ints
    """(u,): where each person begins in `rows`."""
    at_most: Ints
    """(u,): cap of each person."""

    @property
    def unit(self) -> Ints:
        """(r,): number of the person of each entry of `rows`."""
        return np.repeat(np.arange(len(self.starts)), np.diff(np.append(self.starts, len(self.rows))))


@dataclass(frozen=True)
class Columns:
    """Decisions as columns, ready for passes; each may stand for several identical ones."""

    value: Numbers
    """(m, n): `BLOCKED` where an option must not be chosen."""
    costs: tuple[Numbers, ...]
    """Cost columns."""
    group: Ints
    """(n,): segment; empty where there is one only."""
    n_groups: int
    """Number of segments."""
    weight: Floats
    """(n,): how many identical decisions each stands for; empty where one each."""
    caps: Caps | None
    """Caps per person that can bind."""

    @property
    def n(self) -> int:
        """How many columns there are."""
        return int(self.value.shape[1])

    @property
    def m(self) -> int:
        """How many options; this number stands for doing nothing too."""
        return len(self.value)

    def take(self, rows: Ints) -> "Columns":
        """Give some decisions, as doubles; caps are kept only where all decisions of a person are among them."""
        return Columns(
            self.value[:, rows].astype(np.float64),
            tuple(cost[:, rows].astype(np.float64) for cost in self.costs),
            self.group[rows] if len(self.group) else self.group,
            self.n_groups,
            self.weight[rows] if len(self.weight) else self.weight,
            _caps_among(self.caps, rows, self.n) if self.caps else None,
        )

    def reduced(self, money: Floats, table: Floats, part: slice) -> Callable[[int], Floats]:
        """Give a function from an option to its reduced values in a part of the decisions."""
        groups = self.group[part] if self.n_groups > 1 else None

        def of(option: int) -> Floats:
            values: Floats = self.value[option, part] - (
                table[0, option] if groups is None else table[:, option].take(groups)
            )
            for cost, price in zip(self.costs, money, strict=True):
                if price:
                    values -= cost[option, part] * price
            return values

        return of


def parts(n: int) -> list[slice]:
    """Give slices that cover n decisions."""
    return [slice(low, min(low + CHUNK, n)) for low in range(0, n, CHUNK)]


def best(columns: Columns, money: Floats, table: Floats) -> tuple[Ints, Floats]:
    """Give each decision's best option (m for nothing) and its reduced value, caps per person left out."""
    option = np.full(columns.n, columns.m, dtype=np.int16)
    worth = np.zeros(columns.n)
    for part in parts(columns.n):
        of, chosen, top = columns.reduced(money, table, part), option[part], worth[part]
        for number in range(columns.m):
            values = of(number)
            np.putmask(chosen, values > top, number)
            np.maximum(top, values, out=top)
    return option.astype(np.int64), worth


def charge(columns: Columns, worth: Floats) -> Floats:
    """Give what a person's cap charges each decision (n,): halfway between the last within and the first beyond."""
    charged = np.zeros(columns.n)
    if columns.caps is None:
        return charged
    caps, unit = columns.caps, columns.caps.unit
    value = worth[caps.rows]
    order = np.lexsort((np.arange(len(value)), -value, unit))
    ranked = np.append(value[order], 0.0)
    size = np.diff(np.append(caps.starts, len(caps.rows)))
    first_out = np.where(caps.at_most < size, ranked[np.minimum(caps.starts + caps.at_most, len(value))], 0.0)
    last_in = np.where(caps.at_most > 0, ranked[caps.starts + caps.at_most - 1], np.inf)
    price = np.where(first_out > 0, np.where(np.isinf(last_in), first_out, (first_out + last_in) / 2), 0.0)
    charged[caps.rows] = price[unit]
    return charged


def within_caps(columns: Columns, option: Ints, worth: Floats) -> Ints:
    """Give the options with those beyond a person's cap set to nothing; the best stay, ties go to the earlier."""
    if columns.caps is None:
        return option
    caps, unit = columns.caps, columns.caps.unit
    value = worth[caps.rows]
    order = np.lexsort((np.arange(len(value)), -value, unit))
    rank = np.arange(len(value)) - caps.starts[unit]
    kept = option.copy()
    kept[caps.rows[order[rank >= caps.at_most[unit]]]] = columns.m
    return kept


def add_up(columns: Columns, option: Ints) -> Sums:
    """Give what these options add up to."""
    rows = np.flatnonzero(option < columns.m)
    taken = option[rows]
    weight = columns.weight[rows] if len(columns.weight) else None

    def total(cells: Numbers) -> float:
        found = cells[taken, rows]
        return float(found.sum() if weight is None else (found * weight).sum())

    groups = columns.group[rows] * columns.m if columns.n_groups > 1 else 0
    size = columns.n_groups * columns.m
    count = np.bincount(taken + groups, weights=weight, minlength=size).astype(np.int64)
    return Sums(
        total(columns.value),
        np.array([total(cost) for cost in columns.costs], dtype=np.int64),
        count.reshape(columns.n_groups, columns.m),
    )


def choice_at(columns: Columns, sides: Sides, multipliers: Floats) -> Ints:
    """Give each decision's option at these multipliers, caps per person kept."""
    option, worth = best(columns, *sides.priced(multipliers, len(columns.costs)))
    return within_caps(columns, option, worth)


@dataclass(frozen=True)
class NumpyPass:
    """The pass over columns in memory; `Pass` says what any pass must do."""

    columns: Columns
    """The decisions."""
    sides: Sides
    """The limits."""

    def __call__(self, multipliers: Floats) -> Sums:
        """Give the sums of the best choice at these multipliers."""
        return add_up(self.columns, choice_at(self.columns, self.sides, multipliers))


def _caps_among(caps: Caps, rows: Ints, n: int) -> Caps | None:
    place = np.full(n, -1)
    place[rows] = np.arange(len(rows))
    kept = place[caps.rows]
    whole = np.minimum.reduceat(kept, caps.starts) >= 0
    if not whole.any():
        return None
    inside = whole[caps.unit]
    size = np.diff(np.append(caps.starts, len(caps.rows)))[whole]
    return replace(caps, rows=kept[inside], starts=np.cumsum(size) - size, at_most=caps.at_most[whole])
