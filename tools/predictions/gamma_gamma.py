"""Gamma-Gamma: what a purchase of a person is worth (Fader and Hardie 2013, brucehardie.com/notes/025).

Values of one person's purchases scatter around their own mean; means scatter over people. Whoever bought little is
taken for an average customer, whoever bought much for themselves.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .bgnbd import SHRINK_BELOW
from .information import inverse_information, possible

Floats = npt.NDArray[np.float64]
PRIOR_SHAPE = (6.25, 3.74)
"""Published p and q of CDNOW: how purchases scatter, whatever the currency. An assumption for small shops."""
PRIOR_SD = 1.0


class GammaGamma(NamedTuple):
    """Fitted parameters; `v` is in the unit of the values."""

    p: float
    q: float
    v: float
    log_likelihood: float
    n_people: int
    """Repeat buyers it was fitted on."""
    is_shrunk: bool
    """Whether the prior took part."""
    covariance: Floats
    """3 x 3, of the logarithms of the parameters."""

    @property
    def parameters(self) -> Floats:
        """p, q, v."""
        return np.array([self.p, self.q, self.v])


def fit(frequency: Floats, value: Floats) -> GammaGamma:
    """Give the most likely parameters for people with `frequency` >= 1 purchases of mean `value` > 0."""
    from scipy.optimize import minimize

    n, scale = len(value), float(np.mean(value))
    shrunk = n < SHRINK_BELOW
    centre = np.log([*PRIOR_SHAPE, (PRIOR_SHAPE[1] - 1) / PRIOR_SHAPE[0]])
    weight = np.array([1.0, 1.0, 0.0]) / PRIOR_SD**2 if shrunk else np.zeros(3)
    scaled = value / scale

    def loss(log_parameters: Floats) -> tuple[float, Floats]:
        each, gradient = _log_likelihood(np.exp(log_parameters), frequency, scaled)
        off = weight * (log_parameters - centre)
        gradient = gradient * np.exp(log_parameters) - off
        return -(each - float(off @ (log_parameters - centre)) / 2) / n, -gradient / n

    bounds = [(-6.0, 9.0), (0.01, 9.0), (-9.0, 12.0)]  # q > 1: else the mean is infinite
    options = {"maxiter": 500, "ftol": 1e-14, "gtol": 1e-9}
    found = minimize(loss, centre, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    best = np.asarray(found.x, dtype=np.float64)
    p, q, v = (float(each) for each in np.exp(best))
    likelihood, _ = _log_likelihood(np.array([p, q, v]), frequency, scaled)
    covariance = inverse_information(loss, best, n)
    return GammaGamma(p, q, v * scale, likelihood - n * float(np.log(scale)), n, shrunk, covariance)


def _log_likelihood(parameters: Floats, x: Floats, m: Floats) -> tuple[float, Floats]:
    from scipy.special import digamma, gammaln

    p, q, v = parameters
    total = np.log(v + x * m)
    each = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
    each += (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * total
    both = digamma(p * x + q)
    gradient = np.array(
        [
            np.sum(x * (both - digamma(p * x) + np.log(m) + np.log(x) - total)),
            np.sum(both - digamma(q) + np.log(v) - total),
            np.sum(q / v - (p * x + q) / (v + x * m)),
        ]
    )
    return float(np.sum(each)), gradient


def expected_value(parameters: Floats, frequency: Floats, value: Floats) -> Floats:
    """Give what a further purchase is expected to be worth per person; `value` is ignored where frequency is 0."""
    p, q, v = parameters[0], max(parameters[1], 1.01), parameters[2]
    known = np.where(frequency > 0, frequency * value, 0.0)
    return np.asarray(p * (v + known) / (p * frequency + q - 1), dtype=np.float64)


def draws(fitted: GammaGamma, n_draws: int, seed: int) -> Floats:
    """Give parameter vectors (p, q, v) as the data leave them possible, one a row."""
    return possible(np.log(fitted.parameters), fitted.covariance, n_draws, seed)
