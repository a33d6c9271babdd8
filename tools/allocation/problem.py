"""What is to be decided: decisions x options with values and costs, and the limits that hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from memory.domain.errors import InvalidInput

from .limits import Budget, Flags, Ints, Limit

LARGEST = 2**40
"""Values and costs stay below it, so that every sum and every price is exact in a double or a 64-bit integer."""


@dataclass(frozen=True)
class PerPerson:
    """Caps over several decisions of one person."""

    person: Ints
    """(n,): a number per person and message class; decisions with one number share a cap."""
    at_most: Ints
    """(n,): how many of them may take an option; the same for all decisions of one number, 0 or more."""


@dataclass(frozen=True)
class Problem:
    """One option or none per decision; doing nothing is always allowed, costs nothing and is worth nothing.

    Arrays lie by option, as columns of a table do: row j holds option j of all decisions.
    """

    value: Ints
    """(m, n): expected incremental margin of option j for decision i, in thousandths of a minor unit."""
    allowed: Flags
    """(m, n): whether consent, margin floor and holdout leave the option."""
    costs: Sequence[Ints] = ()
    """Cost columns, (m, n) each, not negative."""
    limits: Sequence[Limit] = ()
    """Limits over all people, with names of their own."""
    group: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """(n,): segment of each decision, 0 to n_groups - 1; empty where there is one only."""
    n_groups: int = 1
    """Number of segments."""
    per_person: PerPerson | None = None
    """Caps over several decisions of one person."""

    @property
    def n_options(self) -> int:
        """How many options each decision has, doing nothing left out."""
        return len(self.value)

    @property
    def n_decisions(self) -> int:
        """How many decisions there are."""
        return int(self.value.shape[1])


def check(problem: Problem) -> None:
    """Raise `InvalidInput` where the arrays do not fit together or numbers are out of range."""
    shape = problem.value.shape
    if problem.allowed.shape != shape or any(cost.shape != shape for cost in problem.costs):
        raise _bad("value, allowed and costs differ in shape", "Give each as (options, decisions).")
    if len(problem.group) not in (0, problem.n_decisions) or (problem.n_groups > 1 and not len(problem.group)):
        raise _bad("not every decision has a segment", "Give one number per decision, or none and one group.")
    names = [limit.name for limit in problem.limits]
    if len(set(names)) < len(names):
        raise _bad("two limits have the same name", "Give every limit a name of its own.")
    for limit in problem.limits:
        if isinstance(limit, Budget):
            if not 0 <= limit.cost < len(problem.costs):
                raise _bad(f"the budget {limit.name} sums a cost that is not there", "Name one of the cost columns.")
        elif limit.member.shape != (problem.n_groups, problem.n_options):
            raise _bad(f"the members of {limit.name} are of another shape", "Give them as (groups, options).")
    if problem.value.size and (_largest(problem.value) >= LARGEST or any(_bad_cost(cost) for cost in problem.costs)):
        raise _bad("a number is out of range", "Values and costs are below 2^40 thousandths, costs not negative.")


def _bad(why: str, remedy: str) -> InvalidInput:
    return InvalidInput(what="the allocation", why=why, remedy=remedy)


def _largest(values: Ints) -> int:
    return max(int(values.max()), -int(values.min()))


def _bad_cost(cost: Ints) -> bool:
    return int(cost.min()) < 0 or int(cost.max()) >= LARGEST
