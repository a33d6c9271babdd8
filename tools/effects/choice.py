"""The plan that effects make: per person the treatment of the highest net worth, or nothing; and its worth by a log."""

from collections.abc import Sequence

import numpy as np

from tools.offpolicy.log import Floats, Ints

from .treatment import Treatment


def net_of(effect: Floats, treatments: Sequence[Treatment]) -> Floats:
    """Give (m, treatments): what sending is worth, less what it costs."""
    worth, cost = (
        np.array([treatment.worth for treatment in treatments]),
        np.array([treatment.cost for treatment in treatments]),
    )
    return np.asarray(effect * worth - cost, dtype=np.float64)


def chosen(effect: Floats, treatments: Sequence[Treatment]) -> Ints:
    """Give each person's action, 0 for nothing; of equals the first treatment."""
    net = net_of(effect, treatments)
    best = net.argmax(axis=1)
    return np.where(net[np.arange(len(net)), best] > 0, best + 1, 0).astype(np.int64)


def added_of(action: Ints, pseudo: Floats) -> Floats:
    """Give (n,): what each row says of the outcome that the plan adds over sending nothing, costs left out."""
    effect = np.column_stack([np.zeros(len(action)), pseudo])
    return np.asarray(effect[np.arange(len(action)), action], dtype=np.float64)


def scores_of(action: Ints, pseudo: Floats, treatments: Sequence[Treatment]) -> Floats:
    """Give (n,): what each row says of the plan's net worth over sending nothing; independent where plans are held out.

    `pseudo` are the rows' pseudo-outcomes (n, treatments).
    """
    net = np.column_stack([np.zeros(len(action)), net_of(pseudo, treatments)])
    return np.asarray(net[np.arange(len(action)), action], dtype=np.float64)
