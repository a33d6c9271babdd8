"""Whether a log can say what a treatment does: it was sent and withheld by chance, often enough to weigh 200 rows."""

from collections.abc import Sequence

import numpy as np

from memory.domain.errors import InvalidInput
from memory.domain.outcome import NotEstimable
from tools.offpolicy.log import Floats, Log
from tools.offpolicy.support import MIN_EFFECTIVE, effective_n

from .learner import chances_of
from .treatment import Treatment


def ready(log: Log, treatments: Sequence[Treatment]) -> None:
    """Raise `InvalidInput` where the log is malformed, or does not hold the chance of every action."""
    if log.logging is None or log.logging.shape[1] != len(treatments) + 1:
        raise InvalidInput(
            what="The log",
            why="it does not hold the chance of sending nothing and of each treatment",
            remedy="Give `logging` a column per action, sending nothing first",
        )
    log.check(np.broadcast_to(np.eye(len(treatments) + 1)[0], log.logging.shape))


def effective_rows(log: Log) -> Floats:
    """Give (A - 1,): effective rows per treatment, the fewer of those sent and those kept (Kish 1965)."""
    sides = []
    for action in range(chances_of(log).shape[1]):
        own = log.action == action
        sides.append(effective_n(1.0 / log.propensity[own]))
    return np.minimum(np.array(sides[1:], dtype=np.float64), sides[0])


def refusal(treatment: Treatment, rows: float) -> NotEstimable | None:
    """Give why the log does not say what a treatment does; none where it does."""
    if rows <= 0:
        return NotEstimable(
            code="no_support",
            message=f"The log never sent {treatment.id}, or never withheld it, by chance. Let chance decide at times.",
        )
    if rows < MIN_EFFECTIVE:
        return NotEstimable(
            code="low_ess",
            message=f"What the log says of {treatment.id} is worth {rows:.0f} rows; {MIN_EFFECTIVE} are needed. "
            "Log more, or let chance decide more often.",
        )
    return None
