"""How far a plan's held-out value would move had other rows come: the plan is made anew on redrawn rows.

Where an effect is near its cost, few rows decide whether a part of the log is sent to at all. The parts' plans then
lean against the parts they are held against, and the rows' own variance says nothing of that: it is smallest where
nothing is sent. The standard deviation of the value over bootstrap draws, the choice of the plan in each of them
included, does (Efron 2014, JASA 109: accuracy after selection). At such a law no bootstrap is exact (Chakraborty, Laber
and Zhao 2014, Biometrics 70); here it errs towards wide.
"""

from collections.abc import Callable

import numpy as np

from tools.offpolicy.log import Floats, Ints

N_DRAWS = 40
"""The error is then known to about a ninth."""


def redrawn(values: Callable[[Ints], Floats], n: int, seed: int) -> Floats:
    """Give (k,): the variance over draws of the `k` values that rows, drawn with replacement out of `n`, give."""
    rng = np.random.default_rng([seed, n, N_DRAWS])
    draws: Floats = np.array([values(rng.integers(0, n, n)) for _ in range(N_DRAWS)]).var(axis=0, ddof=1)
    return draws
