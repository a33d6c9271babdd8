"""What a learner is: a log in, a score per person and treatment out; scores are calibrated and judged by others."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tools.offpolicy.log import Floats, Ints, Log

Flags = npt.NDArray[np.bool_]

Scorer = Callable[[Floats], Floats]
"""Features (m, d) to scores (m, A - 1): what each treatment adds to the outcome against sending nothing."""


class Learner(Protocol):
    """One way to learn effects per person."""

    @property
    def id(self) -> str:
        """Its name in reports."""
        ...

    def fit(self, log: Log, seed: int) -> Scorer:
        """Learn from a log whose `logging` (n, A) holds the chance of every action; action 0 is sending nothing."""
        ...


def chances_of(log: Log) -> Floats:
    """Give the chance of every action per row; `ready` has made sure that the log holds it."""
    assert log.logging is not None
    return log.logging


def rows_of(log: Log, taken: Flags | Ints) -> Log:
    """Give a log of some rows, by flags or positions."""
    logging = None if log.logging is None else log.logging[taken]
    return Log(log.context[taken], log.action[taken], log.reward[taken], log.propensity[taken], logging)
