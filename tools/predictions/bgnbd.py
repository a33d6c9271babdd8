"""BG/NBD: how often customers buy and when they stop (Fader, Hardie and Lee 2005, Marketing Science 24(2)).

While alive a person buys at a rate drawn from Gamma(r, alpha) and stops after each purchase with a chance drawn from
Beta(a, b). Fitted by maximum likelihood with the analytic gradient over distinct (frequency, recency, age) types.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .information import inverse_information, possible

Floats = npt.NDArray[np.float64]
SHRINK_BELOW = 500
"""Below so many buyers the parameters are pulled towards `PRIOR`."""
PRIOR = (0.243, 4.414, 0.793, 2.426)
"""Published parameters of CDNOW, in weeks: an assumption about a shop that is too small to say it itself."""
PRIOR_SD = 1.0
"""How far, in natural logarithms, a shop's parameters are believed to lie from the prior's."""


class Types(NamedTuple):
    """Distinct histories with how many people share each; times in weeks."""

    frequency: Floats
    """Days of purchase after the first."""
    recency: Floats
    """From the first to the last day of purchase."""
    age: Floats
    """From the first day of purchase to the day of reading."""
    n: Floats
    """People of this history."""


class BgNbd(NamedTuple):
    """Fitted parameters."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    """Of the data alone, without the prior."""
    n_people: int
    """Buyers it was fitted on."""
    is_shrunk: bool
    """Whether the prior took part."""
    covariance: Floats
    """4 x 4, of the logarithms of the parameters (inverse of the observed information)."""

    @property
    def parameters(self) -> Floats:
        """r, alpha, a, b."""
        return np.array([self.r, self.alpha, self.a, self.b])


def fit(types: Types) -> BgNbd:
    """Give the most likely parameters; below `SHRINK_BELOW` buyers the mode with a log-normal prior."""
    from scipy.optimize import minimize

    n = float(types.n.sum())
    shrunk = n < SHRINK_BELOW
    centre = np.log(PRIOR)

    def loss(log_parameters: Floats) -> tuple[float, Floats]:
        value, gradient = _log_likelihood(np.exp(log_parameters), types)
        gradient = gradient * np.exp(log_parameters)
        if shrunk:
            off = (log_parameters - centre) / PRIOR_SD**2
            value, gradient = value - float(off @ (log_parameters - centre)) / 2, gradient - off
        return -value / n, -gradient / n

    bounds = [(-9.0, 9.0)] * 4
    options = {"maxiter": 500, "ftol": 1e-14, "gtol": 1e-9}
    found = minimize(loss, centre, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    best = np.asarray(found.x, dtype=np.float64)
    likelihood, _ = _log_likelihood(np.exp(best), types)
    r, alpha, a, b = (float(value) for value in np.exp(best))
    return BgNbd(r, alpha, a, b, likelihood, round(n), shrunk, inverse_information(loss, best, n))


def _log_likelihood(parameters: Floats, types: Types) -> tuple[float, Floats]:
    """Give the log-likelihood (equation 6 of the paper) and its gradient by r, alpha, a, b."""
    from scipy.special import digamma, gammaln

    r, alpha, a, b = parameters
    x, t_x, age, n = types
    again = x > 0
    late = np.where(again, b + x - 1, 1.0)
    alive = -(r + x) * np.log(alpha + age)
    gone = np.where(again, np.log(a) - np.log(late) - (r + x) * np.log(alpha + t_x), -np.inf)
    both = np.logaddexp(alive, gone)
    each = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + both
    each += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    w = np.exp(alive - both)
    v = 1 - w
    gradient = np.array(
        [
            n @ (digamma(r + x) - digamma(r) + np.log(alpha) - w * np.log(alpha + age) - v * np.log(alpha + t_x)),
            n @ (r / alpha - (r + x) * (w / (alpha + age) + v / (alpha + t_x))),
            n @ (digamma(a + b) - digamma(a + b + x) + v / a),
            n @ (digamma(a + b) + digamma(b + x) - digamma(b) - digamma(a + b + x) - v / late),
        ]
    )
    return float(n @ each), gradient


def expected_purchases(parameters: Floats, types: Types, weeks: float) -> Floats:
    """Give the expected days of purchase in the `weeks` to come per type (equation 10 of the paper).

    The hypergeometric function is taken after Euler's transformation, which neither overflows nor cancels for people
    with many purchases.
    """
    from scipy.special import hyp2f1

    r, alpha, a, b = parameters
    a = a if abs(a - 1) > 1e-6 else 1 + 1e-6
    x, _, age, _ = types
    z = weeks / (alpha + age + weeks)
    rest = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
    bought = (a + b + x - 1) / (a - 1) * (1 - rest)
    return np.asarray(np.maximum(bought, 0.0) * chance_alive(parameters, types), dtype=np.float64)


def chance_alive(parameters: Floats, types: Types) -> Floats:
    """Give the probability that a person has not stopped buying, per type; 1 for those who bought once only."""
    r, alpha, a, b = parameters
    x, t_x, age, _ = types
    odds = np.where(
        x > 0,
        np.log(a) - np.log(np.maximum(b + x - 1, 1e-12)) + (r + x) * (np.log(alpha + age) - np.log(alpha + t_x)),
        -np.inf,
    )
    return np.asarray(np.exp(-np.logaddexp(0.0, odds)), dtype=np.float64)


def draws(fitted: BgNbd, n_draws: int, seed: int) -> Floats:
    """Give parameter vectors (r, alpha, a, b) as the data leave them possible, one a row."""
    return possible(np.log(fitted.parameters), fitted.covariance, n_draws, seed)
