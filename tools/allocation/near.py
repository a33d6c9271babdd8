"""Near ties: the decisions that decide the last thousandth, as one small table.

At good multipliers nearly every decision's best option leads by far. The few with the smallest lead are taken out; all
others keep their best option, and what they leave of each limit is the room of the few.
"""

from dataclasses import dataclass

import numpy as np

from .columns import BLOCKED, Columns, add_up, best, charge, parts, within_caps
from .limits import Flags, Floats, Ints, Sides, Sums

FAR = 2.0**60
"""Loss of an option that must not be chosen."""


@dataclass(frozen=True)
class Near:
    """Near ties; `m + 1` options each, doing nothing last."""

    rows: Ints
    """(c,): their positions."""
    option: Ints
    """(n,): the choice at the multipliers, for all decisions."""
    fixed: Sums
    """What all others add up to."""
    value: Floats
    """(c, m + 1)."""
    use: Ints
    """(sides, c, m + 1): what each option takes of each side's room."""
    room: Ints
    """(sides,): what the others leave of each limit."""
    loss: Floats
    """(c, m + 1): how far the option's reduced value lies below the best; `FAR` where it must not be chosen."""
    usable: Flags
    """(c, m + 1): which options are looked at."""
    weight: Ints
    """(c,): how many identical decisions each stands for."""
    unit: Ints
    """(c,): number of the person whose cap can bind; -1 for none."""
    unit_room: Ints
    """(units,): how many more of their decisions may take an option."""
    reach: float
    """Every option left out would lose at least this much against the dual bound."""


def near_ties(
    columns: Columns, sides: Sides, room: Ints, multipliers: Floats, size: int, outside: float = np.inf
) -> Near:
    """Give the `size` decisions with the smallest lead at these multipliers.

    `room` is what decisions beyond these columns leave of each limit, `outside` the smallest lead among them.
    """
    money, table = sides.priced(multipliers, len(columns.costs))
    option, worth = best(columns, money, table)
    charged = charge(columns, worth)
    option = within_caps(columns, option, worth)
    top = np.maximum(worth - charged, 0.0)
    lead = _leads(columns, money, table, charged, top)
    rows = np.arange(columns.n)
    reach = outside
    if size < columns.n:
        edge = np.partition(lead, size)[size]
        rows = np.append(np.flatnonzero(lead < edge), np.flatnonzero(lead == edge))[:size]
        rows.sort()
        reach = min(float(edge), outside)
    few = columns.take(rows)
    loss = _losses(few, money, table, charged[rows], top[rows])
    usable = (loss < FAR) & ((loss <= reach) | (np.arange(few.m + 1) == few.m))
    usable[np.arange(len(rows)), option[rows]] = True
    others = option.copy()
    others[rows] = columns.m
    fixed = add_up(columns, others)
    unit, unit_room = _people(columns, others, rows)
    return Near(
        rows=rows,
        option=option,
        fixed=fixed,
        value=_with_nothing(np.where(few.value > BLOCKED, few.value, 0)),
        use=_use(few, sides),
        room=room - sides.usage(fixed),
        loss=loss,
        usable=usable,
        weight=(few.weight if len(few.weight) else np.ones(len(rows))).astype(np.int64),
        unit=unit,
        unit_room=unit_room,
        reach=reach,
    )


def _leads(columns: Columns, money: Floats, table: Floats, charged: Floats, top: Floats) -> Floats:
    """Give by how much the best option, or nothing, leads the second best (n,)."""
    lead = np.zeros(columns.n)
    for part in parts(columns.n):
        of = columns.reduced(money, table, part)
        first, second = np.zeros(len(top[part])), np.full(len(top[part]), -FAR)
        for number in range(columns.m):
            values = of(number) - charged[part]
            np.maximum(second, np.minimum(first, values), out=second)
            np.maximum(first, values, out=first)
        lead[part] = first - second
    return lead


def _losses(few: Columns, money: Floats, table: Floats, charged: Floats, top: Floats) -> Floats:
    of = few.reduced(money, table, slice(0, few.n))
    loss = np.empty((few.n, few.m + 1))
    for number in range(few.m):
        loss[:, number] = np.where(few.value[number] > BLOCKED, top - of(number) + charged, FAR)
    loss[:, few.m] = top
    return loss


def _with_nothing(cells: Floats) -> Floats:
    """Give (m, c) cells as (c, m + 1), 0 for doing nothing."""
    return np.ascontiguousarray(np.vstack([cells, np.zeros(cells.shape[1])]).T)


def _use(few: Columns, sides: Sides) -> Ints:
    use = np.zeros((len(sides), few.n, few.m + 1), dtype=np.int64)
    for place, cost in enumerate(sides.cost):
        if cost >= 0:
            use[place] = _with_nothing(few.costs[cost])
        else:
            groups = few.group if few.n_groups > 1 else np.zeros(few.n, dtype=np.int64)
            use[place, :, : few.m] = sides.member[place][groups]
    return use


def _people(columns: Columns, others: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Give the person of each near tie, and what the person's other decisions leave of the cap."""
    unit = np.full(columns.n, -1)
    caps = columns.caps
    if caps is None:
        return unit[rows], np.zeros(0, dtype=np.int64)
    unit[caps.rows] = caps.unit
    weight = columns.weight[caps.rows] if len(columns.weight) else np.ones(len(caps.rows))
    taken = np.add.reduceat(np.where(others[caps.rows] < columns.m, weight, 0.0), caps.starts)
    left = (caps.at_most * weight[caps.starts] - taken).astype(np.int64)
    named, place = np.unique(unit[rows], return_inverse=True)
    known = named[named >= 0]
    return np.where(unit[rows] < 0, -1, place - (len(named) - len(known))), left[known]
