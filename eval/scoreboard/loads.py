"""A grid of how many messages people still remember, for the dynamic programs of the bound: loads are rounded down."""

import numpy as np

from eval.gym.catalogue import Floats, Ints
from eval.gym.effects import LOAD_DAYS, dulling

PER_DAY = 1
"""Steps of the grid that one day of forgetting goes down."""
_LEAST_LOAD, _MOST_LOAD = 0.3, 9.0
_N_LOADS = int(np.ceil(np.log(_MOST_LOAD / _LEAST_LOAD) * LOAD_DAYS * PER_DAY))
LOADS: Floats = np.concatenate([[0.0], _LEAST_LOAD * np.exp(np.arange(_N_LOADS) / (LOAD_DAYS * PER_DAY))])
"""Messages still remembered; what is below the second entry counts as 0."""


def _next(count: int) -> Ints:
    """Give per load its place on the next day after so many messages, rounded down."""
    places = np.searchsorted(LOADS, (LOADS + count) * np.exp(-1 / LOAD_DAYS), side="right") - 1
    return np.where(count == 0, np.maximum(np.arange(len(LOADS)) - PER_DAY, 0), places)


def _dull(count: int) -> tuple[Floats, Ints]:
    """Give the different divisors of a message's effect, and which of them holds at each load."""
    divisors, places = np.unique(dulling(LOADS + count), return_inverse=True)
    return divisors, places


NEXT: tuple[Ints, ...] = tuple(_next(count) for count in range(3))
"""Per number of messages today (none, one, two): the place of tomorrow's load."""
DULL: tuple[tuple[Floats, Ints], ...] = tuple(_dull(count) for count in range(3))
"""The same: the divisors of their effects, and which holds at each load."""
