"""The plan of a problem made in a database: what `solve` does, with the search for prices run by queries.

Worth it where a batch is so large that the searches' arrays do not fit beside it. The plan keeps the same limits and
carries a certificate, too, but ends where its near ties are settled once: its gap is wider than that of `solve`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from .distributed import IbisPass, rows_of
from .in_place import chosen, plan_in_place
from .limits import sides_of
from .plan import AllocationPlan, Infeasible
from .prepare import prepare
from .problem import Problem, check
from .solve import planned

GRID = 2.0**-20
"""Multipliers are whole multiples of it, so that a database finds sums as numpy does."""
Place = Callable[[str, pa.Table], ir.Table]
"""Gives an Arrow table a place in a database, under a name."""


@dataclass(frozen=True)
class NotPlaced:
    """Why the search for prices cannot run in a database."""

    n_people: int
    """People of whom a cap could cut several decisions at once."""

    @property
    def why(self) -> str:
        """The reason in words."""
        who = (
            "A cap cuts several decisions of one person"
            if self.n_people == 1
            else (f"Caps cut several decisions of one person for {self.n_people:,} people")
        )
        return f"{who}, whose near ties are looked at one by one in a database; prices were searched in memory."


def solve_placed(problem: Problem, place: Place) -> AllocationPlan | Infeasible | NotPlaced:
    """Give a plan as `solve` does, made where `place` puts the decisions.

    `NotPlaced` where a cap could cut several decisions of one person: near ties are looked at one by one there. Raises
    `InvalidInput` for arrays that do not fit together, `BrokenPlan` where the plan's own check fails.
    """
    check(problem)
    free = without_caps(problem)
    if isinstance(free, NotPlaced):
        return free
    rows, shape = rows_of(free)
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    run = IbisPass(place("placed_decisions", rows), shape, sides, GRID)
    found = plan_in_place(run)
    if isinstance(found, Infeasible):
        return found
    picked = chosen(run, found, place("placed_near", found.near)).order_by("decision").to_pyarrow()
    option = picked["option"].to_numpy().astype(np.int64)
    return planned(prepare(problem), sides, option, found.multipliers, found.bound, 0)


def without_caps(problem: Problem) -> Problem | NotPlaced:
    """Give the problem without its caps where no choice can break them: each has room for all, or for none."""
    caps = problem.per_person
    if caps is None:
        return problem
    allowed = problem.allowed & (caps.at_most > 0)
    wants = allowed.any(axis=0)
    _, group = np.unique(caps.person, return_inverse=True)
    asked = np.bincount(group[wants], minlength=int(group.max(initial=0)) + 1)
    is_short = asked[group[wants]] > caps.at_most[wants]
    if is_short.any():
        return NotPlaced(len(np.unique(group[wants][is_short])))
    return replace(problem, allowed=allowed, per_person=None)
