"""CUPED: take out of an outcome what was known about people before the experiment.

Deng, Xu, Kohavi and Walker 2013, Improving the sensitivity of online controlled experiments by utilizing pre-experiment
data, WSDM, section 3: Y - theta'(X - mean X) has the same difference between arms and less variance. With
several covariates theta is the pooled within-arm least-squares slope. Covariates must have been fixed before
assignment; one that treatment can change makes the effect wrong, and nothing in the numbers would show it.
"""

import numpy as np
import numpy.typing as npt

from memory.domain.evidence import Adjusted
from memory.domain.outcome import NotEstimable

from .intervals import Mean, mean_difference
from .moments import Moments

METHOD = "CUPED, linear covariates (Deng et al. 2013); "
PEOPLE_PER_COVARIATE = 20
"""Each arm needs as many people per covariate, or the slope follows noise."""
_LEAST_SPREAD = 1e-9
"""Less of a column's variance than this is rounding, which differs between processors; it counts as none."""

Floats = npt.NDArray[np.float64]


def adjusted(treated: Moments, control: Moments, level: float = 0.95) -> Adjusted | NotEstimable:
    """Compare the first column of both arms, adjusted by the others."""
    n_least = max(2, PEOPLE_PER_COVARIATE * (len(treated.columns) - 1))
    if min(treated.n, control.n) < n_least:
        return NotEstimable(
            code="too_few_people",
            message=f"Each arm needs {n_least} people to adjust for {len(treated.columns) - 1} covariates.",
        )
    within = (treated.scatter + control.scatter) / (treated.n + control.n - 2)
    if within[0, 0] <= 0:
        return NotEstimable(code="no_variance", message="Everyone has the same value; a difference has no spread.")
    used = _usable(within)
    theta = _slopes(within, used)
    residual = float(within[0, 0] - theta @ within[used, 0])
    if residual <= _LEAST_SPREAD * float(within[0, 0]):
        return NotEstimable(
            code="no_variance", message="The covariates explain the outcome wholly; check that none is it."
        )
    plain = mean_difference(_mean(treated), _mean(control), level)
    better = mean_difference(*_adjusted_means(treated, control, used, theta), level)
    if isinstance(plain, NotEstimable) or isinstance(better, NotEstimable):
        return NotEstimable(code="no_variance", message="Both arms show no spread; a difference has no interval.")
    return Adjusted(
        difference=better.model_copy(update={"method": METHOD + better.method}),
        plain=plain,
        variance_cut_rate=1 - residual / float(within[0, 0]),
        covariates=tuple(treated.columns[index] for index in used),
    )


def _usable(within: Floats) -> list[int]:
    """Give the covariates that vary and that the ones before them do not determine."""
    kept: list[int] = []
    for index in range(1, len(within)):
        left = within[index, index]
        if kept:
            some = within[np.ix_(kept, kept)]
            left = left - within[index, kept] @ np.linalg.solve(some, within[kept, index])
        if left > _LEAST_SPREAD * max(within[index, index], 1e-300):
            kept.append(index)
    return kept


def _slopes(within: Floats, used: list[int]) -> Floats:
    return np.asarray(np.linalg.solve(within[np.ix_(used, used)], within[used, 0]), dtype=np.float64)


def _mean(arm: Moments) -> Mean:
    value = float(arm.mean[0])
    return Mean.of(arm.n, value, arm.variance / arm.n)


def _adjusted_means(treated: Moments, control: Moments, used: list[int], theta: Floats) -> tuple[Mean, Mean]:
    n = treated.n + control.n
    centre = (treated.n * treated.mean[used] + control.n * control.mean[used]) / n
    return _residual_mean(treated, used, theta, centre), _residual_mean(control, used, theta, centre)


def _residual_mean(arm: Moments, used: list[int], theta: Floats, centre: Floats) -> Mean:
    value = float(arm.mean[0] - theta @ (arm.mean[used] - centre))
    scatter = arm.scatter[0, 0] - 2 * theta @ arm.scatter[used, 0] + theta @ arm.scatter[np.ix_(used, used)] @ theta
    freedom = arm.n - 1 - len(used) / 2  # the slopes are shared by both arms
    return Mean.of(arm.n, value, max(0.0, float(scatter)) / freedom / arm.n)
