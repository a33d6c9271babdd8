"""Effects by cohort: corrected for looking at many, and drawn together as far as their noise asks for.

- each cohort: Welch's interval; p value from the pooled variance (score form);
- many looks: Holm 1979, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6;
- do cohorts differ: Cochran 1954, The combination of estimates from different experiments, Biometrics 10 (Q);
- shrinkage: normal effects with a common mean (flat) and an unknown spread, integrated out (Gelman et al. 2013,
  Bayesian Data Analysis, section 5.4); the spread's prior s0 / (s0 + spread)^2, s0^2 the harmonic mean of the squared
  errors, is DuMouchel's (DuMouchel and Normand 2000), which has no unit and works for two cohorts, too.

The p values are those of one look; they belong at the end, not to every day.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, ndtr

from memory.domain.evidence import CohortEffect, CohortEffects
from memory.domain.experiment import Estimate
from memory.domain.outcome import NotEstimable

from .arms import ArmMean, both, difference, pooled_error, welch_error
from .gate import refusal
from .intervals import WELCH, normal_interval
from .lift import MIN_BUYERS

SHRUNK = "hierarchical normal over cohorts (Gelman et al. 2013, section 5.4; DuMouchel, Normand 2000)"
_N_SPREADS = 400
_NO_EFFECT = NotEstimable(code="too_few_buyers", message="Too few cohorts can be read to draw them together.")

Floats = npt.NDArray[np.float64]


class Shrunk(NamedTuple):
    """Effects drawn together."""

    effects: Floats
    """Posterior means, one per cohort."""
    errors: Floats
    """Posterior standard deviations."""
    spread: float
    """Posterior mean of the standard deviation between true effects."""


class _Found(NamedTuple):
    effects: Floats
    errors: Floats
    pooled: Floats


def cohort_effects(
    arms: Mapping[str, tuple[ArmMean, ArmMean]], *, alpha: float = 0.05, least: int = MIN_BUYERS
) -> CohortEffects:
    """Compare (treated, control) in every cohort. One that cannot be read says why and is left out of the correction.

    `least` is how many buyers the smaller arm of a cohort needs.
    """
    refusals = {name: refusal(*pair, least=least) for name, pair in arms.items()}
    names = [name for name, refused in refusals.items() if refused is None]
    found = _measured([arms[name] for name in names])
    p_values = 2 * ndtr(-np.abs(found.effects / found.pooled))
    corrected = holm(p_values)
    shrunk, spread = _shrunk(found, 1 - alpha)
    rows = []
    for name in arms:
        refused = refusals[name]
        if refused is not None:
            rows.append(CohortEffect(cohort=name, effect=refused, shrunk=refused))
            continue
        index = names.index(name)
        rows.append(
            CohortEffect(
                cohort=name,
                effect=normal_interval(float(found.effects[index]), float(found.errors[index]) ** 2, WELCH, 1 - alpha),
                shrunk=shrunk[index],
                p_value=float(p_values[index]),
                p_adjusted=float(corrected[index]),
                differs_from_zero=bool(corrected[index] < alpha),
            )
        )
    chance = interaction(found.effects, found.pooled)
    return CohortEffects(
        cohorts=tuple(rows),
        interaction_p_value=chance,
        cohorts_differ=chance is not None and chance < alpha,
        spread=spread,
    )


def holm(p_values: Floats) -> Floats:
    """Give p values corrected so that any false rejection among them has at most the level's probability."""
    order = np.argsort(p_values, kind="stable")
    times = np.arange(len(p_values), 0, -1)
    corrected = np.empty_like(p_values)
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(p_values[order] * times))
    return corrected


def interaction(effects: Floats, errors: Floats) -> float | None:
    """Give the p value of Cochran's Q, chi-square with one less than the number of cohorts; None for fewer than two."""
    if len(effects) < 2:
        return None
    return float(chdtrc(len(effects) - 1, _q(effects, errors)))


def shrink(effects: Floats, errors: Floats) -> Shrunk:
    """Draw effects towards their mean by the posterior of the spread between cohorts; needs two or more."""
    least = np.sqrt(len(effects) / (errors**-2).sum())
    u = (np.arange(_N_SPREADS) + 0.5) / _N_SPREADS  # of the prior's distribution function
    spreads = (least * u / (1 - u))[:, None]
    weights = 1 / (errors**2 + spreads**2)
    mean_variance = 1 / weights.sum(axis=1, keepdims=True)
    mean = (weights * effects).sum(axis=1, keepdims=True) * mean_variance
    apart = (weights * (effects - mean) ** 2).sum(axis=1)
    log_posterior = 0.5 * (np.log(weights).sum(axis=1) + np.log(mean_variance[:, 0]) - apart)
    posterior = np.exp(log_posterior - log_posterior.max())
    posterior /= posterior.sum()
    own = spreads**2 * weights
    given = mean + own * (effects - mean)
    variance = own * errors**2 + (1 - own) ** 2 * mean_variance
    values = posterior @ given
    errors_left = np.sqrt(posterior @ (variance + (given - values) ** 2))
    return Shrunk(values, errors_left, float(posterior @ spreads[:, 0]))


def _q(effects: Floats, errors: Floats) -> float:
    weights = errors**-2
    mean = (weights @ effects) / weights.sum()
    return float(weights @ (effects - mean) ** 2)


def _measured(pairs: list[tuple[ArmMean, ArmMean]]) -> _Found:
    arms = [both(*pair) for pair in pairs]
    effects = np.array([float(difference(one)) for one in arms])
    errors = np.array([[float(welch_error(one)), float(pooled_error(one))] for one in arms]).reshape(-1, 2)
    return _Found(effects, errors[:, 0], errors[:, 1])


def _shrunk(found: _Found, level: float) -> tuple[list[Estimate], float]:
    if len(found.effects) < 2:
        return [_NO_EFFECT] * len(found.effects), 0.0
    drawn = shrink(found.effects, found.errors)
    pairs = zip(drawn.effects, drawn.errors, strict=True)
    return [normal_interval(float(value), float(error) ** 2, SHRUNK, level) for value, error in pairs], drawn.spread
