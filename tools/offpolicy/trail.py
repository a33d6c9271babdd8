"""Weights of people who were decided for several times: the product of their decisions' ratios.

A policy's choice may depend on what happened before, caps and orders included: who was decided for exactly as the
policy would have stands, with a weight, for everybody the policy would have led there (Precup, Sutton and Singh 2000).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memory.domain.outcome import NotEstimable

from .log import Floats, Ints
from .support import NEGLIGIBLE

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Trail:
    """Decisions in order of person, then time; the options of one decision side by side in order of their ids."""

    n_people: int
    """People, decided for or not."""
    person: Ints
    """(D,): whose decision it is, 0 to n_people - 1, ascending."""
    starts: Ints
    """(D,): position of each decision's first option."""
    taken: Ints
    """(D,): position of the option taken; -1 for nothing."""
    propensity: Floats
    """(D,): the chance with which that was taken."""
    is_forced: Flags
    """(D,): whether nothing could be chosen, such as after the money ran out; any policy agrees there."""
    available: Flags
    """(K,): options a policy may take."""
    logged: Floats
    """(K,): the chance of every option."""
    net: Ints
    """(K,): expected worth less cost, in thousandths of a minor unit."""
    cost: Ints
    """(K,): expected cost, in thousandths of a minor unit."""

    @property
    def decision(self) -> Ints:
        """(K,): whose option it is."""
        sizes = np.diff(np.append(self.starts, len(self.available)))
        return np.repeat(np.arange(len(self.starts)), sizes).astype(np.int64)

    def best(self, score: Ints, among: Flags | None = None) -> Ints:
        """Give per decision the position of the available option of the highest score; -1 where there is none.

        Ties go to the earlier option.
        """
        may = self.available if among is None else self.available & among
        if not len(self.starts):
            return np.zeros(0, dtype=np.int64)
        lowest = np.iinfo(np.int64).min
        value = np.where(may, score, lowest)
        top = np.maximum.reduceat(value, self.starts)
        place = np.where(may & (value == top[self.decision]), np.arange(len(value)), len(value))
        first = np.minimum.reduceat(place, self.starts)
        return np.where(first < len(value), first, -1).astype(np.int64)


@dataclass(frozen=True)
class Agreement:
    """How far a log agrees with a policy."""

    weights: Floats
    """(n,): per person; 0 where any decision differs."""
    lacking_rate: float
    """Share of people the policy would lead to a choice that the log could not have taken."""

    def refusal(self) -> NotEstimable | None:
        """Give why there is no verdict for want of support; none where there is support."""
        if self.lacking_rate <= NEGLIGIBLE:
            return None
        message = (
            f"For {self.lacking_rate:.1%} of people the policy would choose what the log could not have chosen: what "
            f"comes of that was never seen. Raise the share of decisions left to chance, or run it as an experiment."
        )
        return NotEstimable(code="no_support", message=message)


def agreement(trail: Trail, wanted: Ints) -> Agreement:
    """Hold a policy's choices, one position or -1 per decision, against the log."""
    if not len(trail.person):
        return Agreement(np.ones(trail.n_people), 0.0)
    none_rate = 1.0 - np.add.reduceat(trail.logged, trail.starts)
    chance = np.where(wanted >= 0, trail.logged[np.maximum(wanted, 0)], none_rate)
    agrees = trail.is_forced | (wanted == trail.taken)
    lacking = ~trail.is_forced & ~agrees & (chance <= 1e-12)
    ratio = np.where(trail.is_forced, 1.0, 1.0 / trail.propensity)
    n_other = _within_person(trail, (~agrees).astype(np.int64))
    logs = np.where(n_other == 0, np.log(ratio), 0.0)  # up to where the trails part
    prefix = np.exp(np.bincount(trail.person, logs, trail.n_people))
    parts = np.bincount(trail.person, ~agrees, trail.n_people) > 0
    lost = np.bincount(trail.person, lacking & (n_other == 1), trail.n_people) > 0  # at the parting itself
    return Agreement(np.where(parts, 0.0, prefix), float((prefix * lost).sum()) / max(trail.n_people, 1))


def _within_person(trail: Trail, counts: Ints) -> Ints:
    """Give the running sum of counts, begun anew with every person."""
    running = np.cumsum(counts)
    first = np.flatnonzero(np.append(True, trail.person[1:] != trail.person[:-1]))
    before = (running - counts)[first]
    sizes = np.diff(np.append(first, len(counts)))
    return np.asarray(running - np.repeat(before, sizes), dtype=np.int64)
