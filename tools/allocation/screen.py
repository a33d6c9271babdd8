"""Exact screening: whose choice cannot change while the multipliers stay inside a box.

An option's reduced value moves by at most width x coefficient. A decision is settled where the lowest value of its
best option still beats the highest value of every other one; nothing has to be known about where in the box the
multipliers end up.
"""

from dataclasses import dataclass

import numpy as np

from .columns import Columns, add_up, parts, within_caps
from .limits import Flags, Floats, Ints, Sides, Sums


@dataclass(frozen=True)
class Screened:
    """What a box of multipliers leaves open."""

    open: Ints
    """(o,): positions of decisions whose choice may still change."""
    option: Ints
    """(n,): the choice in the middle of the box; settled for all others."""
    settled: Sums
    """What the settled ones add up to."""


def screen(columns: Columns, sides: Sides, centre: Floats, width: Floats) -> Screened:
    """Settle what can be settled in the box `centre` +- `width`; both (sides,)."""
    option, worth, least, most, is_open = _ranges(columns, sides, centre, width)
    if columns.caps is not None:
        kept = within_caps(columns, option, worth)
        is_open = _with_people(columns, kept, least, most, is_open)
        option = kept
    still = np.flatnonzero(is_open)
    settled = option.copy()
    settled[still] = columns.m
    return Screened(still, option, add_up(columns, settled))


def _ranges(
    columns: Columns, sides: Sides, centre: Floats, width: Floats
) -> tuple[Ints, Floats, Floats, Floats, Flags]:
    """Give the best option, its value, its lowest, the highest of any option, and whether another may overtake it."""
    n, nothing = columns.n, columns.m
    money, table = sides.priced(centre, len(columns.costs))
    spread = Sides(sides.names, sides.bound, sides.cost, np.abs(sides.member))
    money_width, table_width = spread.priced(width, len(columns.costs))
    option = np.full(n, nothing, dtype=np.int16)
    worth, least, most, is_open = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n, dtype=np.bool_)
    for part in parts(n):
        of, give = columns.reduced(money, table, part), _widths(columns, money_width, table_width, part)
        chosen, top, lowest = option[part], worth[part], least[part]
        size = len(top)
        first, second, leader = most[part], np.full(size, -np.inf), np.full(size, nothing, dtype=np.int16)
        for number in range(columns.m):
            values = of(number)
            spare = give(number)
            above = values > top
            np.putmask(chosen, above, number)
            np.copyto(lowest, values - spare, where=above)
            np.maximum(top, values, out=top)
            high = values + spare
            leads = high > first
            np.copyto(second, np.where(leads, first, np.maximum(second, high)))
            np.putmask(leader, leads, number)
            np.maximum(first, high, out=first)
        is_open[part] = np.where(leader == chosen, second, first) >= lowest
        is_open[part] &= ~((chosen == nothing) & (leader == nothing) & (second < 0))
    return option.astype(np.int64), worth, least, most, is_open


def _widths(columns: Columns, money: Floats, table: Floats, part: slice):  # type: ignore[no-untyped-def]
    """Give a function from an option to how far its reduced values may move."""
    groups = columns.group[part] if columns.n_groups > 1 else None

    def of(option: int) -> Floats | float:
        spare: Floats | float = table[0, option] if groups is None else table[:, option].take(groups)
        for cost, width in zip(columns.costs, money, strict=True):
            if width:
                spare = spare + cost[option, part] * width
        return spare

    return of


def _with_people(columns: Columns, kept: Ints, least: Floats, most: Floats, is_open: Flags) -> Flags:
    """Open all decisions of a person whose cap might let others through."""
    caps = columns.caps
    assert caps is not None
    rows, unit = caps.rows, caps.unit
    inside = kept[rows] < columns.m
    weakest = np.minimum.reduceat(np.where(inside, least[rows], np.inf), caps.starts)
    strongest = np.maximum.reduceat(np.where(inside, 0.0, most[rows]), caps.starts)
    unsure = np.logical_or.reduceat(inside & is_open[rows], caps.starts)
    has_room = np.add.reduceat(inside.astype(np.int64), caps.starts) < caps.at_most
    unsure |= (strongest > 0) & (has_room | (strongest >= weakest))
    found = is_open.copy()
    found[rows] = unsure[unit]
    return found
