"""A policy's value with everything needed to trust it, or the reason why there is none."""

from memory.domain.base import Count, Frozen
from memory.domain.experiment import Estimate
from memory.domain.outcome import NotEstimable

from .estimators import DR, doubly_robust_scores, inverse_propensity, of_scores, self_normalised
from .log import Floats, Log
from .support import effective_n, refusal, weights_of


class PolicyValue(Frozen):
    """What a policy would have earned per choice, in the unit of the rewards."""

    n: Count
    """Logged choices."""
    effective_n: float
    """How many of them carry the weight; below 200 there is no verdict."""
    largest_weight: float
    """The largest weight of one choice."""
    value: Estimate
    """Doubly robust: the figure to read."""
    difference: Estimate
    """The same less what was logged."""
    ips: Estimate
    """Inverse propensity, beside it."""
    snips: Estimate
    """Self-normalised, beside it."""


def evaluate(log: Log, target: Floats) -> PolicyValue:
    """Value a policy by its chances `target` (n, A) on the log's rows; raise `InvalidInput` for a malformed log."""
    log.check(target)
    weights = weights_of(log, target)
    figures = {
        "n": log.n,
        "effective_n": round(effective_n(weights), 1),
        "largest_weight": float(weights.max(initial=0.0)),
    }
    refused = refusal(log, target)
    if refused is not None:
        return PolicyValue(**figures, **dict.fromkeys(("value", "difference", "ips", "snips"), refused))
    scores = doubly_robust_scores(log, target)
    return PolicyValue(
        **figures,
        value=of_scores(scores, DR),
        difference=_against_logged(scores - log.reward),
        ips=inverse_propensity(log, target),
        snips=self_normalised(log, target),
    )


def _against_logged(gaps: Floats) -> Estimate:
    if gaps.var() <= 0:
        return NotEstimable(code="no_variance", message="The policy is the logged one: there is no difference.")
    return of_scores(gaps, DR)
