"""Cutting planes: the multipliers at which the dual function is smallest.

D(l) = max over choices of value - l x (usage - bound) is convex and piecewise linear; every pass gives its value and a
slope, that is a plane below it. The planes' minimum within a trust region says where to look next (Kelley 1960; the
box step of Marsten, Hogan and Blankenship 1975). It needs nothing but a pass, so it runs on numpy and on Ibis alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from .limits import Floats, Sides, Sums

MAX_PASSES = 400


class Pass(Protocol):
    """What the solver needs to know of the decisions, wherever they lie."""

    def __call__(self, multipliers: Floats) -> Sums:
        """Give the sums of the choice that is best at these multipliers."""


@dataclass(frozen=True)
class Region:
    """Where multipliers are looked for."""

    start: Floats
    """(sides,): where to begin."""
    low: Floats
    """(sides,): smallest multipliers."""
    high: Floats
    """(sides,): largest multipliers; infinite where nothing bounds them."""
    scale: Floats
    """(sides,): a change of each multiplier that matters."""
    grid: float
    """Multipliers are whole multiples of it."""
    radius: float = 1.0
    """Size of the first step, in scales."""


@dataclass(frozen=True)
class DualPoint:
    """The best multipliers found."""

    multipliers: Floats
    """(sides,)."""
    bound: float
    """The dual function there: no feasible choice is worth more."""
    n_passes: int
    """How many passes it took."""


def minimise(
    run: Pass,
    sides: Sides,
    bound: Floats,
    region: Region,
    tolerance: float,
    floor: float = -np.inf,
    planes: "Planes | None" = None,
) -> DualPoint:
    """Give multipliers at which D is smallest within the region, up to `tolerance` of its size.

    `bound` stands in for the sides' own bounds (what fixed decisions leave, or a sample's share). Ends early where D
    falls below `floor`: then no choice is feasible. `planes` are those of an earlier search over the same decisions;
    they hold whatever the bounds.
    """
    search = Planes() if planes is None else planes
    search.begin(region, sides, bound)
    found = search.look(run, region.start)
    best, radius, passes = found, region.radius, 1
    while passes < MAX_PASSES and best.bound >= floor:
        point, promised, at_edge = search.lowest(best.multipliers, radius)
        gain = best.bound - promised
        if gain <= tolerance * search.size:
            if not at_edge or radius > 1e9:
                break
            radius *= 8
            continue
        found = search.look(run, point)
        passes += 1
        if found.bound < best.bound:
            if at_edge and best.bound - found.bound > 0.5 * gain:
                radius *= 2
            best = found
        else:
            radius /= 2
    return DualPoint(best.multipliers, best.bound, passes)


class Planes:
    """The planes found so far, in a linear program that lives through all steps."""

    def __init__(self) -> None:
        import highspy

        self.size = 0.0
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (("output_flag", False), ("threads", 1), ("presolve", "off")):
            self.solver.setOptionValue(name, value)
        for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            self.solver.setOptionValue(name, 1e-10)

    def begin(self, region: Region, sides: Sides, bound: Floats) -> None:
        """Look in this region, for these bounds; the scale of the region stays that of the first search."""
        self.region, self.sides, self.bound = region, sides, bound
        if self.size:
            self._charge()

    def look(self, run: Callable[[Floats], Sums], multipliers: Floats) -> DualPoint:
        """Run a pass and remember its plane."""
        sums = run(multipliers)
        usage = self.sides.usage(sums).astype(np.float64)
        if not self.size:
            self._begin(max(abs(sums.value), float(np.abs(self.bound * self.region.scale).max()), 1.0))
        n = len(multipliers)
        slopes = np.append(usage * self.region.scale / self.size, 1.0)
        columns = np.arange(n + 1, dtype=np.int32)
        self.solver.addRow(sums.value / self.size, float("inf"), n + 1, columns, slopes)
        value = float(sums.value) - float((multipliers * (usage - self.bound)).sum())
        return DualPoint(multipliers, value, 1)

    def _begin(self, size: float) -> None:
        self.size = size
        infinite = float("inf")
        for _ in self.bound:
            self.solver.addVar(0.0, infinite)
        self.solver.addVar(-infinite, infinite)
        self.solver.changeColCost(self.solver.getNumCol() - 1, 1.0)
        self._charge()

    def _charge(self) -> None:
        for place, (scale, bound) in enumerate(zip(self.region.scale, self.bound, strict=True)):
            self.solver.changeColCost(place, scale * bound / self.size)

    def lowest(self, centre: Floats, radius: float) -> tuple[Floats, float, bool]:
        """Give the planes' lowest point around the centre, their height there, and whether it lies on the edge."""
        region = self.region
        low = np.maximum(region.low, centre - radius * region.scale)
        high = np.minimum(region.high, centre + radius * region.scale)
        columns = np.arange(len(centre), dtype=np.int32)
        self.solver.changeColsBounds(len(centre), columns, low / region.scale, high / region.scale)
        self.solver.run()
        place = np.array(self.solver.getSolution().col_value[:-1]) * region.scale
        near = 1e-9 * region.scale
        at_edge = ((place <= low + near) & (low > region.low)) | ((place >= high - near) & (high < region.high))
        point = np.clip(np.round(place / region.grid) * region.grid, region.low, region.high)
        return point, float(self.solver.getInfo().objective_function_value) * self.size, bool(at_edge.any())
