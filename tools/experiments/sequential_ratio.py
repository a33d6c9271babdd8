"""Sample-ratio mismatch, asked every day: a sequential multinomial test.

Lindon and Malek 2022, Anytime-valid inference for multinomial count data, NeurIPS 35 (section 3): the Bayes factor of a
Dirichlet prior around the promised shares against these shares is a martingale while the assignment is sound, so
that 1 over its maximum is an always-valid p value.
"""

import numpy as np
from scipy.special import gammaln

from memory.domain.errors import InvalidInput
from memory.domain.evidence import SequentialRatio

from .arms import Floats
from .sample_ratio import SUSPICIOUS_BELOW

CONCENTRATION = 2_500.0
"""How closely the prior sits around the promised shares: a standard deviation of a percentage point at 50/50."""


def sequential_ratio(
    n_treated: Floats, n_control: Floats, control_rate: float, *, level: float = SUSPICIOUS_BELOW
) -> SequentialRatio:
    """Compare arm sizes with the promised share at every look; the arrays hold people assigned up to each look.

    Raises `InvalidInput` where the promised share is not between 0 and 1.
    """
    if not 0 < control_rate < 1:
        raise InvalidInput(
            what="The control rate", why=f"{control_rate} is not between 0 and 1", remedy="Give the planned holdout."
        )
    p_value = float(np.exp(-max(0.0, float(log_bayes_factor(n_treated, n_control, control_rate).max(initial=0.0)))))
    return SequentialRatio(p_value=p_value, is_suspicious=p_value < level)


def log_bayes_factor(n_treated: Floats, n_control: Floats, control_rate: float) -> Floats:
    """Give the log Bayes factor against the promised shares after each look, of any shape."""
    rates = (1 - control_rate, control_rate)
    n = n_treated + n_control
    factor = gammaln(CONCENTRATION) - gammaln(CONCENTRATION + n)
    for count, rate in zip((n_treated, n_control), rates, strict=True):
        prior = CONCENTRATION * rate
        factor = factor + gammaln(prior + count) - gammaln(prior) - count * np.log(rate)
    return np.asarray(factor)
