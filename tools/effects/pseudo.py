"""Doubly robust pseudo-outcomes: what each row says of each effect, right on average however wrong the rest is."""

import numpy as np

from tools.offpolicy.log import Floats, Ints, Log
from tools.offpolicy.outcome_model import expected_rewards

from .learner import chances_of, rows_of


def pseudo_outcomes(log: Log, fold: Ints) -> Floats:
    """Give (n, A - 1): effects against sending nothing, the outcome model of each fold learnt from the others.

    m_a - m_0 + [a taken] (y - m_a) / p_a - [nothing] (y - m_0) / p_0 (Robins and Rotnitzky 1995; Kennedy 2023). Where
    the log could not have sent, or kept, the row says only what the model does: see `support`.
    """
    n_actions = chances_of(log).shape[1]
    expected: Floats = np.empty((log.n, n_actions))
    for held in np.unique(fold):
        tell = fold == held
        expected[tell] = expected_rewards(rows_of(log, ~tell), log.context[tell], n_actions)
    taken = expected[np.arange(log.n), log.action]
    surprise = (log.reward - taken) / log.propensity
    effect: Floats = expected[:, 1:] - expected[:, :1]
    effect += np.where(log.action[:, None] == np.arange(1, n_actions), surprise[:, None], 0.0)
    effect -= np.where(log.action == 0, surprise, 0.0)[:, None]
    return effect
