"""One figure from real data beside the one it must meet."""

from collections.abc import Mapping

from memory.domain.base import Frozen
from memory.domain.experiment import Estimate, Interval


class Figure(Frozen):
    """A figure found; with `expected` it must lie within `tolerance` of it."""

    name: str
    """What it is."""
    found: float | None
    """What came out; null where it is not estimable."""
    low: float | None = None
    """Lower end of its 95 % interval, where it has one."""
    high: float | None = None
    """Upper end."""
    expected: float | None = None
    """The published figure; null where nothing is published."""
    tolerance: float = 0.0
    """How far the found one may lie from it."""
    note: str = ""
    """Why there is no figure, or how to read it."""

    @property
    def holds(self) -> bool:
        """Whether it meets the published figure; a figure without one holds where it could be estimated."""
        if self.found is None:
            return False
        return self.expected is None or abs(self.found - self.expected) <= self.tolerance


class DataReport(Frozen):
    """All figures of a data set."""

    name: str
    """The data set."""
    source: str
    """Whose it is and under which terms."""
    figures: tuple[Figure, ...]
    """In the order they are read."""

    @property
    def holds(self) -> bool:
        """Whether every figure does."""
        return all(figure.holds for figure in self.figures)


def of_estimate(name: str, estimate: Estimate, factor: float = 1.0, note: str = "") -> Figure:
    """Give an estimate as a figure times `factor`, with its interval, or with the reason why there is none."""
    if not isinstance(estimate, Interval):
        return Figure(name=name, found=None, note=estimate.message)
    found, low, high = (factor * each for each in (estimate.estimate, estimate.low, estimate.high))
    return Figure(name=name, found=found, low=low, high=high, note=note)


def near(name: str, found: float, expected: float, tolerance: float) -> Figure:
    """Give a figure that must lie within an absolute tolerance."""
    return Figure(name=name, found=found, expected=expected, tolerance=tolerance)


def within(pairs: Mapping[str, tuple[float, float]], share: float) -> tuple[Figure, ...]:
    """Give figures (found, expected) that must lie within a share of what is expected."""
    return tuple(
        near(name, found, expected, share * abs(expected)) for name, (found, expected) in pairs.items()
    )  # fmt: skip


def consistent(name: str, estimate: Estimate, truth: Interval) -> Figure:
    """Give the gap between an estimate and an independent one; it must be 0 within 1.96 of their joint error."""
    if not isinstance(estimate, Interval):
        return Figure(name=name, found=None, note=estimate.message)
    width = float((((estimate.high - estimate.low) / 2) ** 2 + ((truth.high - truth.low) / 2) ** 2) ** 0.5)
    gap = estimate.estimate - truth.estimate
    return Figure(name=name, found=gap, low=gap - width, high=gap + width, expected=0.0, tolerance=width)
