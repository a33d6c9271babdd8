"""Off-policy evaluation: what another way to choose would have earned, from a log of choices with their chances."""

from .estimators import doubly_robust, inverse_propensity, self_normalised
from .evaluate import PolicyValue, evaluate
from .log import Log
from .support import MIN_EFFECTIVE, effective_n, refusal, too_few_effective, weights_of
from .trail import Agreement, Trail, agreement

__all__ = [
    "MIN_EFFECTIVE",
    "Agreement",
    "Log",
    "PolicyValue",
    "Trail",
    "agreement",
    "doubly_robust",
    "effective_n",
    "evaluate",
    "inverse_propensity",
    "refusal",
    "self_normalised",
    "too_few_effective",
    "weights_of",
]
