"""Where the multipliers lie, and who is still open there.

A sample gives a first guess; a box around it settles nearly everybody; the minimum over the open ones inside the box is
that over all. Where the minimum lies on the box's edge, the box moves there and grows.
"""

from dataclasses import dataclass

import numpy as np

from .bundle import DualPoint, Pass, Region, minimise
from .columns import BLOCKED, Columns, NumpyPass, add_up
from .limits import Flags, Floats, Ints, Sides, Sums
from .screen import screen

SAMPLE = 20_000
SMALL = 40_000
"""With so few decisions nobody is settled beforehand."""
MAX_BOXES = 12
FIRST_WIDTH = 0.03
"""Half-width of the first box in scales of the multipliers."""
SAMPLE_TOLERANCE, TOLERANCE = 1e-6, 1e-8


@dataclass(frozen=True)
class Narrowed:
    """Good multipliers, and the decisions that may still change near them."""

    multipliers: Floats
    """(sides,)."""
    grid: float
    """Multipliers are whole multiples of it."""
    rows: Ints
    """(o,): positions of the open decisions."""
    open: Columns
    """They alone."""
    option: Ints
    """(n,): the choice of all others."""
    settled: Sums
    """What all others add up to."""
    box: tuple[Floats, Floats]
    """(sides,) each: smallest and largest multipliers at which the others stay settled."""
    bound: float
    """Value of the dual function."""
    n_passes: int
    """Passes over sample and open ones."""


@dataclass(frozen=True)
class Units:
    """In which units a problem's multipliers are looked for."""

    worth: float
    """What a chosen option is worth."""
    scale: Floats
    """(sides,): a change of each multiplier that matters."""
    grid: float
    """Multipliers are whole multiples of it; reduced values are exact then."""


def units(columns: Columns, sides: Sides, free: Sums) -> Units:
    """Give the units of a problem; `free` are the sums of the choice without any limit."""
    n = int(free.count.sum())
    some = columns.value[:, :SAMPLE]
    largest = float(np.where(some > BLOCKED, np.abs(some), 0).max(initial=1))
    worth = max(free.value / n if n else largest, 1.0)
    money = [max(float(cost[:, :SAMPLE].mean()) if cost.size else 1.0, 1e-3) for cost in columns.costs]
    scale = np.array([worth / money[cost] if cost >= 0 else worth for cost in sides.cost])
    bits = 46 - int(np.ceil(np.log2(worth + 1)))
    return Units(worth, scale, float(2.0 ** -min(max(bits, 10), 40)))


def narrowed(columns: Columns, sides: Sides, unit: Units, start: Floats | None, floor: float) -> Narrowed:
    """Give multipliers near the dual optimum, found from `start` where it is given.

    Ends early where the dual function falls below `floor`: then no choice is feasible.
    """
    if columns.n > SMALL:
        return _boxed(columns, sides, _guess(columns, sides, unit, start), unit, floor)
    point = _minimum(NumpyPass(columns, sides), sides, sides.bound.astype(np.float64), start, unit, TOLERANCE, floor)
    none, every = np.zeros(len(sides)), np.arange(columns.n)
    settled = add_up(columns, np.full(columns.n, columns.m))
    option, box = np.full(columns.n, columns.m), (none, none + np.inf)
    return Narrowed(
        point.multipliers, unit.grid, every, columns.take(every), option, settled, box, point.bound, point.n_passes
    )


def _minimum(
    run: Pass, sides: Sides, bound: Floats, start: Floats | None, unit: Units, tolerance: float, floor: float
) -> DualPoint:
    none = np.zeros(len(sides))
    begin, radius = (none, 1.0) if start is None else (start, 0.1)
    region = Region(np.round(begin / unit.grid) * unit.grid, none, none + np.inf, unit.scale, unit.grid, radius)
    return minimise(run, sides, bound, region, tolerance, floor)


def _guess(columns: Columns, sides: Sides, unit: Units, start: Floats | None) -> tuple[Floats, Flags]:
    """Give multipliers from a sample, and which sides they leave clearly slack."""
    sample = columns.take(_sampled(columns))
    run = NumpyPass(sample, sides)
    bound = sides.bound.astype(np.float64) * (sample.n / columns.n)
    floor = -64.0 * unit.worth * columns.n  # a sample may be infeasible where the whole is not
    point = _minimum(run, sides, bound, start, unit, SAMPLE_TOLERANCE, floor)
    used = sides.usage(run(point.multipliers))
    slack = (point.multipliers == 0) & (used < bound - 0.1 * np.abs(bound))
    return point.multipliers, slack


def _sampled(columns: Columns) -> Ints:
    """Give about `SAMPLE` decisions spread over all; all of a person's where a cap binds them together."""
    number = np.arange(columns.n, dtype=np.uint64)
    if columns.caps is not None:
        number[columns.caps.rows] = columns.caps.rows[columns.caps.starts][columns.caps.unit]
    spread = number * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(32)
    return np.flatnonzero(spread < np.uint64(int(min(SAMPLE / columns.n, 1.0) * 2**32)))


def _boxed(columns: Columns, sides: Sides, guess: tuple[Floats, Flags], unit: Units, floor: float) -> Narrowed:
    at, slack = guess
    scale, grid = unit.scale, unit.grid
    width = np.where(slack, 0.0, FIRST_WIDTH * scale + 0.01 * at)
    passes = 0
    for number in range(MAX_BOXES):
        if number == MAX_BOXES - 1:
            width = 1e6 * scale  # nobody is settled any more: slow, and always right
        found = screen(columns, sides, at, width)
        still = columns.take(found.open)
        region = Region(at, np.maximum(at - width, 0.0), at + width, scale, grid, 0.25 * FIRST_WIDTH)
        run, left = NumpyPass(still, sides), sides.bound - sides.usage(found.settled)
        point = minimise(run, sides, left.astype(np.float64), region, TOLERANCE, floor - found.settled.value)
        passes += point.n_passes
        at, bound = point.multipliers, point.bound + found.settled.value
        stuck = ((at <= region.low + grid) & (region.low > 0)) | (at >= region.high - grid)
        # where no room was given around 0 the edge says nothing; what is used does
        stuck &= (width > 0) | (sides.usage(run(at)) > left)
        if not stuck.any() or bound < floor:
            break
        width = np.where(stuck, np.maximum(4 * width, FIRST_WIDTH * scale), width)
    box = (region.low, region.high)
    return Narrowed(at, grid, found.open, still, found.option, found.settled, box, bound, passes)
