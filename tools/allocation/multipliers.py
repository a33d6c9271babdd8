"""Where the multipliers lie, and who is still open there.

A sample gives a first guess; a box around it settles nearly everybody; the minimum over the open ones inside the box is
that over all. Where the minimum lies on the box's edge, the box moves there and grows.
"""

from dataclasses import dataclass

import numpy as np

from .bundle import Planes, Region, minimise
from .columns import BLOCKED, Columns, NumpyPass, add_up
from .limits import Floats, Ints, Sides, Sums
from .screen import screen

SAMPLE = 20_000
SMALL = 40_000
"""With so few decisions nobody is settled beforehand."""
MAX_BOXES = 12
FIRST_WIDTH = 0.03
"""Half-width of the first box in scales of the multipliers."""
SAMPLE_TOLERANCE, TOLERANCE, WARM_TOLERANCE = 1e-6, 1e-8, 1e-5


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


class Warm:
    """What searches over the same decisions with ever other bounds share: where they ended, and what they saw."""

    def __init__(self) -> None:
        self.ends: list[Floats] = []
        self.planes = Planes()

    def next(self) -> Floats | None:
        """Give where the next search should begin: as far on as the last step went; none before the first."""
        if not self.ends:
            return None
        last, before = self.ends[-1], self.ends[-2] if len(self.ends) > 1 else self.ends[-1]
        return np.maximum(2 * last - before, 0.0)

    def width(self, unit: Units) -> Floats | None:
        """Give how far off the next beginning may be, from how far off the last one was; none where none was."""
        if len(self.ends) < 3:
            return None
        last, before, first = self.ends[-1], self.ends[-2], self.ends[-3]
        off: Floats = np.maximum(2 * np.abs(last - np.maximum(2 * before - first, 0.0)), FIRST_WIDTH / 6 * unit.scale)
        return np.where((last == 0) & (before == 0), 0.0, off)


def narrowed(
    columns: Columns, sides: Sides, unit: Units, start: Floats | None, floor: float, warm: Warm | None = None
) -> Narrowed:
    """Give multipliers near the dual optimum, found from `start` where it is given.

    Ends early where the dual function falls below `floor`: then no choice is feasible. With `warm` a search begins
    where the last ones over the same decisions lead to, and is a little less exact.
    """
    begin = start if warm is None else warm.next()
    if columns.n > SMALL:
        width = None if warm is None else warm.width(unit)
        guess = sampled(columns, sides, unit, begin) if begin is None or width is None else (begin, width)
        found = _boxed(columns, sides, guess, unit, floor, TOLERANCE if warm is None else WARM_TOLERANCE)
    else:
        found = _whole(columns, sides, unit, begin, floor, warm)
    if warm is not None and found.bound >= floor:
        warm.ends.append(found.multipliers)
    return found


def _whole(
    columns: Columns,
    sides: Sides,
    unit: Units,
    start: Floats | None,
    floor: float,
    warm: Warm | None,
) -> Narrowed:
    """Search over all decisions; nobody is settled."""
    run, bound = NumpyPass(columns, sides), sides.bound.astype(np.float64)
    region = _region(len(sides), start, unit)
    point = minimise(run, sides, bound, region, TOLERANCE, floor, warm.planes if warm else None)
    none, every = np.zeros(len(sides)), np.arange(columns.n)
    settled = add_up(columns, np.full(columns.n, columns.m))
    option, box = np.full(columns.n, columns.m), (none, none + np.inf)
    return Narrowed(
        point.multipliers, unit.grid, every, columns.take(every), option, settled, box, point.bound, point.n_passes
    )


def _region(n_sides: int, start: Floats | None, unit: Units) -> Region:
    none = np.zeros(n_sides)
    begin, radius = (none, 1.0) if start is None else (start, 0.1)
    return Region(np.round(begin / unit.grid) * unit.grid, none, none + np.inf, unit.scale, unit.grid, radius)


def sampled(columns: Columns, sides: Sides, unit: Units, start: Floats | None) -> tuple[Floats, Floats]:
    """Give multipliers from a sample and how far off they may be: not at all where they leave a side clearly slack."""
    sample = columns.take(_sampled(columns))
    run = NumpyPass(sample, sides)
    bound = sides.bound.astype(np.float64) * (sample.n / columns.n)
    floor = -64.0 * unit.worth * columns.n  # a sample may be infeasible where the whole is not
    point = minimise(run, sides, bound, _region(len(sides), start, unit), SAMPLE_TOLERANCE, floor)
    used = sides.usage(run(point.multipliers))
    slack = (point.multipliers == 0) & (used < bound - 0.1 * np.abs(bound))
    return point.multipliers, np.where(slack, 0.0, FIRST_WIDTH * unit.scale + 0.01 * point.multipliers)


def _sampled(columns: Columns) -> Ints:
    """Give about `SAMPLE` decisions spread over all; all of a person's where a cap binds them together."""
    number = np.arange(columns.n, dtype=np.uint64)
    if columns.caps is not None:
        number[columns.caps.rows] = columns.caps.rows[columns.caps.starts][columns.caps.unit]
    spread = number * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(32)
    return np.flatnonzero(spread < np.uint64(int(min(SAMPLE / columns.n, 1.0) * 2**32)))


def _boxed(
    columns: Columns, sides: Sides, guess: tuple[Floats, Floats], unit: Units, floor: float, tolerance: float
) -> Narrowed:
    at, width = np.round(guess[0] / unit.grid) * unit.grid, guess[1]
    scale, grid = unit.scale, unit.grid
    passes = 0
    for number in range(MAX_BOXES):
        if number == MAX_BOXES - 1:
            width = 1e6 * scale  # nobody is settled any more: slow, and always right
        found = screen(columns, sides, at, width)
        still = columns.take(found.open)
        region = Region(at, np.maximum(at - width, 0.0), at + width, scale, grid, 0.25 * FIRST_WIDTH)
        run, left = NumpyPass(still, sides), sides.bound - sides.usage(found.settled)
        point = minimise(run, sides, left.astype(np.float64), region, tolerance, floor - found.settled.value)
        passes += point.n_passes
        at, bound = point.multipliers, point.bound + found.settled.value
        stuck = ((at <= region.low + grid) & (region.low > 0)) | (at >= region.high - grid)
        # where no room was given around 0 the edge says nothing; what is used does
        stuck &= (width > 0) | (sides.usage(run(at)) > left)
        if not stuck.any() or bound < floor:
            break
        width = np.where(stuck, np.maximum(4 * width, FIRST_WIDTH / 2 * scale), width)
    box = (region.low, region.high)
    return Narrowed(at, grid, found.open, still, found.option, found.settled, box, bound, passes)
