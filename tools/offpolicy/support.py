"""Whether a log can say anything about a policy: needed actions were taken, and enough rows carry the weight."""

import numpy as np

from memory.domain.outcome import NotEstimable

from .log import Floats, Log

MIN_EFFECTIVE = 200
"""Effective rows below which no verdict is given (engine goal 9)."""
NEGLIGIBLE = 1e-4
"""A policy that takes an action in fewer than so many of its choices does not need it."""


def weights_of(log: Log, target: Floats) -> Floats:
    """Give each row's weight: the policy's chance of the action taken over the logged one."""
    chance: Floats = target[np.arange(log.n), log.action] / log.propensity
    return chance


def effective_n(weights: Floats) -> float:
    """Give the effective number of rows, (sum of weights) squared over the sum of squares (Kish 1965)."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def refusal(log: Log, target: Floats) -> NotEstimable | None:
    """Give why the log says nothing about the policy; none where it may be read."""
    if log.n < 2:
        return NotEstimable(code="too_few_people", message="The log has fewer than two choices.")
    return _without_support(log, target) or too_few_effective(effective_n(weights_of(log, target)))


def too_few_effective(effective: float) -> NotEstimable | None:
    """Refuse where fewer than `MIN_EFFECTIVE` rows carry the weight."""
    if effective >= MIN_EFFECTIVE:
        return None
    message = (
        f"What agrees with the policy in the log is worth {effective:.0f} rows; {MIN_EFFECTIVE} are needed. "
        f"Log more, or let chance decide more often where the policy would choose otherwise."
    )
    return NotEstimable(code="low_ess", message=message)


def _without_support(log: Log, target: Floats) -> NotEstimable | None:
    if log.logging is not None:
        share = float(np.where(log.logging <= 0, target, 0.0).sum()) / log.n
        where = "where the log never would"
    else:
        never = np.bincount(log.action, minlength=target.shape[1]) == 0
        share = float(target[:, never].sum()) / log.n
        where = "that the log never took"
    if share <= NEGLIGIBLE:
        return None
    message = (
        f"In {share:.1%} of its choices the policy takes an action {where}: what comes of that was never seen. "
        f"Let chance take it now and then, or choose among what was tried."
    )
    return NotEstimable(code="no_support", message=message)
