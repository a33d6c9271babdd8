"""Off-policy evaluation: what another way to choose would have earned, from a log of choices with their chances."""

from .estimators import doubly_robust, inverse_propensity, self_normalised
from .evaluate import PolicyValue, evaluate
from .log import Log
from .support import MIN_EFFECTIVE, effective_n, refusal, weights_of

__all__ = [
    "MIN_EFFECTIVE",
    "Log",
    "PolicyValue",
    "doubly_robust",
    "effective_n",
    "evaluate",
    "inverse_propensity",
    "refusal",
    "self_normalised",
    "weights_of",
]
