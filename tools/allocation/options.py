"""The options of a tick, and the problem they pose.

Everything is an array: one entry per option, options of one decision side by side in order of their ids, so ties go
to the smaller id. Values are integers, so no machine ranks them differently.
"""

from dataclasses import dataclass

import numpy as np

from .limits import Budget, Count, Flags, Ints
from .problem import PerPerson, Problem

BUDGET = "budget"
"""Name of the limit on money."""


@dataclass(frozen=True)
class Options:
    """All options of a tick; `starts` holds the first option of each decision."""

    starts: Ints
    """Position of each decision's first option."""
    allowed: Flags
    """Per option: whether no guardrail blocks it."""
    net_millis: Ints
    """Per option: expected incremental margin less cost."""
    cost_millis: Ints
    """Per option: expected cost."""
    cap_group: Ints
    """Per decision: a number per person and message class; decisions of one group share a cap."""
    free_slots: Ints
    """Per decision: how many messages the group's cap still allows."""
    offer: Ints
    """Per option: a number per offer."""
    free_grants: Ints
    """Per option: how often its offer may still be granted over all people."""

    @property
    def sizes(self) -> Ints:
        """How many options each decision has."""
        return np.diff(np.append(self.starts, len(self.allowed)))

    @property
    def decision(self) -> Ints:
        """The decision of each option."""
        return np.repeat(np.arange(len(self.starts)), self.sizes)


def problem_of(options: Options, budget_millis: int) -> Problem:
    """Give the options as a problem: the budget, the grants of each offer that can run out, the caps per person.

    Option j of the problem is the j-th of each decision; a decision with fewer has the rest blocked. An overspent
    budget leaves what costs nothing.
    """
    decision, width = options.decision, int(options.sizes.max(initial=1))
    place = np.arange(len(decision)) - options.starts[decision]

    def columns(values: Ints, empty: int = 0) -> Ints:
        table = np.full((width, len(options.starts)), empty, dtype=np.int64)
        table[place, decision] = values
        return table

    scarce = _scarce(options)
    slot = np.full(int(options.offer.max(initial=0)) + 1, 0)
    slot[scarce] = np.arange(1, len(scarce) + 1)
    group, pattern = _patterns(columns(slot[options.offer]))
    grants = np.zeros(len(slot), dtype=np.int64)
    grants[options.offer] = options.free_grants
    counts = [Count(f"offer {one}", pattern == slot[one], most=max(0, int(grants[one]))) for one in scarce]
    return Problem(
        value=columns(options.net_millis),
        allowed=columns(options.allowed.astype(np.int64)) > 0,
        costs=(columns(np.maximum(options.cost_millis, 0)),),
        limits=(Budget(BUDGET, max(0, budget_millis)), *counts),
        group=group,
        n_groups=len(pattern),
        per_person=PerPerson(options.cap_group, np.maximum(options.free_slots, 0)),
    )


def _scarce(options: Options) -> Ints:
    """Give the offers that more decisions could be granted than may be."""
    wanted = options.offer[options.allowed & (options.net_millis > 0)]
    asked = np.bincount(wanted, minlength=int(options.offer.max(initial=0)) + 1)
    free = np.zeros(len(asked), dtype=np.int64)
    free[options.offer] = options.free_grants
    return np.flatnonzero(asked > free)


def _patterns(slots: Ints) -> tuple[Ints, Ints]:
    """Give each decision's group, and per group which scarce offer its options carry (groups, options); 0 for none."""
    code = np.zeros(slots.shape[1], dtype=np.int64)
    for row in slots:
        # ranked anew after every option, so that numbers stay small however many there are
        _, code = np.unique(code * (int(slots.max(initial=0)) + 1) + row, return_inverse=True)
    _, first, group = np.unique(code, return_index=True, return_inverse=True)
    return group, slots[:, first].T
