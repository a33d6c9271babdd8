"""The log that off-policy evaluation reads: one row per choice, as arrays."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memory.domain.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Log:
    """Choices that were made, each with its chance and what came of it."""

    context: Floats
    """(n, d): what was known before the choice, as numbers; d may be 0."""
    action: Ints
    """(n,): the action taken, 0 to A - 1."""
    reward: Floats
    """(n,): what came of it."""
    propensity: Floats
    """(n,): the chance with which that action was taken, in (0, 1]."""
    logging: Floats | None = None
    """(n, A): the chance of every action, where it was kept; without it support is judged by what was taken."""

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.action)

    def check(self, target: Floats) -> None:
        """Raise `InvalidInput` where shapes or numbers cannot be: of the log and of a policy's (n, A) chances."""
        n = self.n
        if any(len(column) != n for column in (self.context, self.reward, self.propensity, target)):
            raise _bad("its columns differ in length", "Give one row per choice in each")
        if self.logging is not None and self.logging.shape != target.shape:
            raise _bad("it knows other actions than the policy", "Give both a column per action")
        if not np.all((self.propensity > 0) & (self.propensity <= 1 + 1e-9)):
            raise _bad("a propensity is not in (0, 1]", "Log the chance with which each action was taken")
        if not (np.all(np.isfinite(self.reward)) and np.all(np.isfinite(self.context))):
            raise _bad("a reward or context is missing or infinite", "Fill it, 0 where nothing was bought")
        if np.any(target < 0) or not np.allclose(target.sum(axis=1), 1.0, atol=1e-6):
            raise _bad("the policy's chances do not add up to 1", "Give each row's chances over all actions")
        if n and (self.action.min() < 0 or self.action.max() >= target.shape[1]):
            raise _bad("an action has no column in the policy", "Number the actions from 0")


def _bad(why: str, remedy: str) -> InvalidInput:
    return InvalidInput(what="the log", why=why, remedy=remedy)
