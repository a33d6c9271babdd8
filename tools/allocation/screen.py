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
    money, table = sides.priced(centre, len(columns.costs))
    option, worth, is_open = _leads(columns, sides, (money, table), width)
    if columns.caps is not None:
        kept = within_caps(columns, option, worth)
        least, most = _ranges(columns, sides, (money, table), width, option, worth)
        is_open = _with_people(columns, kept, least, most, is_open)
        option = kept
    still = np.flatnonzero(is_open)
    settled = option.copy()
    settled[still] = columns.m
    return Screened(still, option, add_up(columns, settled))


def _leads(columns: Columns, sides: Sides, prices: tuple[Floats, Floats], width: Floats) -> tuple[Ints, Floats, Flags]:
    """Give the best option, its reduced value, and whether another, or nothing, may overtake it in the box.

    Two options part by at most width x the difference of their coefficients: what both use alike cancels out.
    """
    m, n = columns.m, columns.n
    money, apart = _widths(columns, sides, width)
    option, worth, is_open = np.full(n, m, dtype=np.int64), np.zeros(n), np.zeros(n, dtype=np.bool_)
    for part in parts(n):
        of, chosen, top, may = columns.reduced(*prices, part), option[part], worth[part], is_open[part]
        values = [of(number) for number in range(m)]
        for number, value in enumerate(values):
            np.putmask(chosen, value > top, number)
            np.maximum(top, value, out=top)
        cell = (columns.group[part] if columns.n_groups > 1 else 0) * (m + 1) + chosen
        rows = np.arange(len(chosen)) + part.start
        spent = [
            (np.where(chosen < m, cost[np.minimum(chosen, m - 1), rows], 0.0), cost, price)
            for cost, price in zip(columns.costs, money, strict=True)
            if price
        ]
        for number in range(m + 1):
            high = apart[number].take(cell)
            for mine, cost, price in spent:
                high += np.abs(mine - (cost[number, part] if number < m else 0.0)) * price
            if number < m:
                high += values[number]
            may |= (high >= top) & (chosen != number)
    return option, worth, is_open


def _widths(columns: Columns, sides: Sides, width: Floats) -> tuple[Floats, Floats]:
    """Give how far the price of each cost column may move, and how far two options' charges may part.

    The latter is (options, groups x options), doing nothing last.
    """
    m, money = columns.m, np.zeros(len(columns.costs))
    is_budget = sides.cost >= 0
    np.add.at(money, sides.cost[is_budget], width[is_budget])
    member = np.zeros((len(sides), columns.n_groups, m + 1))
    member[:, :, :m] = sides.member
    parted = np.abs(member[:, :, :, None] - member[:, :, None, :])
    apart = (width[:, None, None, None] * parted).sum(axis=0)
    return money, np.ascontiguousarray(apart.reshape(-1, m + 1).T)


def _ranges(
    columns: Columns, sides: Sides, prices: tuple[Floats, Floats], width: Floats, option: Ints, worth: Floats
) -> tuple[Floats, Floats]:
    """Give the lowest value of the best option and the highest of any (n,), both over the box."""
    spread = Sides(sides.names, sides.bound, sides.cost, np.abs(sides.member))
    money, table = spread.priced(width, len(columns.costs))
    least, most = worth.copy(), np.zeros(columns.n)
    for part in parts(columns.n):
        of = columns.reduced(*prices, part)
        groups = columns.group[part] if columns.n_groups > 1 else None
        for number in range(columns.m):
            spare = np.zeros(len(worth[part])) + (table[0, number] if groups is None else table[:, number].take(groups))
            for cost, price in zip(columns.costs, money, strict=True):
                spare += cost[number, part] * price
            np.maximum(most[part], of(number) + spare, out=most[part])
            least[part] -= np.where(option[part] == number, spare, 0.0)
    return least, most


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
