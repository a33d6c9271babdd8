"""What the engine hands back: a plan with its certificate, or the limits that cannot be met together."""

from dataclasses import dataclass

from .limits import Floats, Ints, Sums


@dataclass(frozen=True)
class Price:
    """What one more unit of a limit would return."""

    limit: str
    """The limit's name."""
    per_unit: float
    """Value gained by one more unit of room (a thousandth for a budget, one decision for a count), both in
    thousandths; for a lower bound, what one decision more costs."""
    is_least: bool
    """Whether it is the limit's lower bound."""
    used: int
    """What the plan uses."""
    bound: int
    """What is allowed, or asked for."""


@dataclass(frozen=True)
class AllocationPlan:
    """One option or none per decision, feasible, with how far from the best possible it can be at most."""

    option: Ints
    """(n,): number of the chosen option; -1 for doing nothing."""
    value: int
    """Sum of values of what was chosen."""
    bound: int
    """No choice within the limits is worth more: the dual function, or a finished search over near ties."""
    sums: Sums
    """What the plan adds up to."""
    prices: tuple[Price, ...]
    """One per side of a limit, in order."""
    multipliers: Floats
    """(sides,): the same as numbers; a start for the next plan."""
    n_passes: int
    """Passes of the cutting planes, over the sample or the open ones."""

    @property
    def gap(self) -> float:
        """How far the plan can be from the best possible, as a share of the bound; 0 where it is the best."""
        return (self.bound - self.value) / max(abs(self.bound), 1)


@dataclass(frozen=True)
class Infeasible:
    """No choice keeps these limits together; leave any one of them out and one does."""

    limits: tuple[str, ...]
    """Names of the smallest set found: a set of which no member can be left out."""
    is_proven: bool = True
    """False where not even fractional decisions were shown impossible: only no whole choice was found."""
