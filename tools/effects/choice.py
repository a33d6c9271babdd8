"""The plan that effects make: per person the arm of the highest net worth, or nothing; and what a log says of it."""

from collections.abc import Sequence

import numpy as np

from tools.offpolicy.log import Floats, Ints

from .arm import Arm


def net_of(effect: Floats, arms: Sequence[Arm]) -> Floats:
    """Give (m, arms): what sending is worth, less what it costs."""
    worth, cost = np.array([arm.worth for arm in arms]), np.array([arm.cost for arm in arms])
    return np.asarray(effect * worth - cost, dtype=np.float64)


def chosen(effect: Floats, arms: Sequence[Arm]) -> Ints:
    """Give each person's action, 0 for nothing; of equals the first arm."""
    net = net_of(effect, arms)
    best = net.argmax(axis=1)
    return np.where(net[np.arange(len(net)), best] > 0, best + 1, 0).astype(np.int64)


def scores_of(action: Ints, pseudo: Floats, arms: Sequence[Arm]) -> Floats:
    """Give (n,): what each row says of the plan's net worth over sending nothing; independent where plans are held out.

    `pseudo` are the rows' pseudo-outcomes (n, arms).
    """
    net = np.column_stack([np.zeros(len(action)), net_of(pseudo, arms)])
    return np.asarray(net[np.arange(len(action)), action], dtype=np.float64)
