"""Ridge regression whose penalty is picked by generalised cross-validation (Golub, Heath and Wahba 1979)."""

import numpy as np

from tools.offpolicy.log import Floats

PENALTIES = tuple(10.0**power for power in range(7))
"""In rows: what a term must outweigh."""


def ridge(design: Floats, answer: Floats, weight: Floats | None = None) -> Floats:
    """Give the coefficients of a design whose first column is the constant, which is not penalised."""
    weighted = design if weight is None else design * weight[:, None]
    gram, moments = weighted.T @ design, weighted.T @ answer
    squares = float(answer @ answer if weight is None else (weight * answer) @ answer)
    found = [_solved(gram, moments, squares, len(answer), penalty) for penalty in PENALTIES]
    return min(found, key=lambda one: one[0])[1]


def _solved(gram: Floats, moments: Floats, squares: float, n: int, penalty: float) -> tuple[float, Floats]:
    penalties = np.full(len(gram), penalty)
    penalties[0] = 1e-9 * max(gram[0, 0], 1.0)
    inverse = np.linalg.pinv(gram + np.diag(penalties), hermitian=True)
    found: Floats = inverse @ moments
    left = max(squares - 2 * float(found @ moments) + float(found @ gram @ found), 1e-12)
    freedom = min(float(np.trace(inverse @ gram)), n - 1.0)
    return left / (1 - freedom / n) ** 2, found
