"""Limits over all people, and the one-sided inequalities the solver works with.

A **budget** bounds the sum of a cost column; a **count** bounds from above, from below or both how many of the chosen
options are of some kind: a channel, a message class, an offer, a segment. Each bound becomes one side,
`sum of coefficients over the chosen options <= bound`; a lower bound enters with negative coefficients.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Budget:
    """A sum of costs that must not be exceeded."""

    name: str
    """What a person reads."""
    most: int
    """Largest sum, in the unit of the cost column."""
    cost: int = 0
    """Which of the problem's cost columns."""


@dataclass(frozen=True)
class Count:
    """How many chosen options may, or must, be of some kind."""

    name: str
    """What a person reads."""
    member: Flags
    """(groups, options): whether a decision of the group that takes the option counts."""
    most: int | None = None
    """Largest number; none where there is no upper bound."""
    least: int = 0
    """Smallest number."""


Limit = Budget | Count


@dataclass(frozen=True)
class Sums:
    """What a choice adds up to: all that any limit can ask about it."""

    value: float
    """Sum of values; exact while it and every value are whole and below 2^53."""
    cost: Ints
    """(costs,): sum of each cost column."""
    count: Ints
    """(groups, options): decisions of the group that take the option."""

    def __add__(self, other: "Sums") -> "Sums":
        """Give the sums of both choices together."""
        return Sums(self.value + other.value, self.cost + other.cost, self.count + other.count)


@dataclass(frozen=True)
class Sides:
    """All limits as inequalities; one row each."""

    names: tuple[str, ...]
    """Name of the limit each side belongs to."""
    bound: Ints
    """(sides,): right-hand side."""
    cost: Ints
    """(sides,): the cost column a budget sums, -1 for a count."""
    member: Ints
    """(sides, groups, options): 1 or -1 where a choice counts, 0 for budgets."""

    def __len__(self) -> int:
        """Give the number of sides."""
        return len(self.names)

    def usage(self, sums: Sums) -> Ints:
        """Give each side's left-hand side for a choice with these sums."""
        counted = (self.member * sums.count).sum(axis=(1, 2))
        return np.where(self.cost >= 0, np.append(sums.cost, 0)[self.cost], counted)

    def broken(self, sums: Sums) -> Ints:
        """Give the positions of the sides that a choice with these sums breaks."""
        return np.flatnonzero(self.usage(sums) > self.bound)

    def take(self, which: Ints) -> "Sides":
        """Give some of the sides."""
        return Sides(tuple(self.names[one] for one in which), self.bound[which], self.cost[which], self.member[which])

    def priced(self, multipliers: Floats, n_costs: int) -> tuple[Floats, Floats]:
        """Give what one unit of each cost column (costs,) and each option per group (groups, options) is charged."""
        money = np.zeros(n_costs)
        is_budget = self.cost >= 0
        np.add.at(money, self.cost[is_budget], multipliers[is_budget])
        # no matrix product: its order of adding depends on the machine
        return money, (multipliers[:, None, None] * self.member).sum(axis=0)


def sides_of(limits: Sequence[Limit], n_groups: int, n_options: int) -> Sides:
    """Give the inequalities of these limits."""
    rows: list[tuple[str, int, int, Ints]] = []
    none = np.zeros((n_groups, n_options), dtype=np.int64)
    for limit in limits:
        if isinstance(limit, Budget):
            rows.append((limit.name, limit.most, limit.cost, none))
            continue
        member = limit.member.astype(np.int64)
        if limit.most is not None:
            rows.append((limit.name, limit.most, -1, member))
        if limit.least > 0:
            rows.append((limit.name, -limit.least, -1, -member))
    names, bounds, costs, members = zip(*rows, strict=True) if rows else ((), (), (), ())
    shape = (len(rows), n_groups, n_options)
    return Sides(
        tuple(names),
        np.array(bounds, dtype=np.int64),
        np.array(costs, dtype=np.int64),
        np.array(members, dtype=np.int64).reshape(shape),
    )
