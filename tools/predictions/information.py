"""How sure a fit is: the inverse of the observed information, and parameter vectors drawn from it."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
STEP = 1e-4
LARGEST_VARIANCE = 4.0
"""In natural logarithms; a direction the data say nothing about is not let run away."""


def inverse_information(loss: Callable[[Floats], tuple[float, Floats]], best: Floats, n: float) -> Floats:
    """Give the covariance at `best`; `loss` gives the mean negative log-likelihood per person and its gradient.

    The information's rows are central differences of the analytic gradient.
    """
    units = np.eye(len(best))
    rows = np.array([(loss(best + STEP * unit)[1] - loss(best - STEP * unit)[1]) / (2 * STEP) for unit in units])
    values, vectors = np.linalg.eigh(n * (rows + rows.T) / 2)
    inverse: Floats = (vectors / np.maximum(values, 1 / LARGEST_VARIANCE)) @ vectors.T
    return inverse


def possible(centre: Floats, covariance: Floats, n_draws: int, seed: int) -> Floats:
    """Give parameter vectors, one a row: normal around `centre` in logarithms (Laplace's approximation)."""
    values, vectors = np.linalg.eigh(covariance)
    spread = vectors * np.sqrt(np.maximum(values, 0.0))
    normal = np.random.default_rng(seed).standard_normal((n_draws, len(centre)))
    drawn: Floats = np.exp(centre + normal @ spread.T)
    return drawn
