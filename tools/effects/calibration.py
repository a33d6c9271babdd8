"""From scores to effects: the level and slope that held-out pseudo-outcomes give them, with a standard error.

The best linear predictor of the effect by the score (Chernozhukov, Demirer, Duflo and Fernandez-Val 2018, section 3):
the level is the treatment's average effect, the slope how much of the score's spread is real. Levels are drawn towards
what is assumed, or else towards the treatments' mean (DerSimonian and Laird 1986); slopes towards `SLOPE`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.offpolicy.log import Floats

from .treatment import Treatment

SLOPE, SLOPE_SD = 0.5, 0.5
"""What is taken of a score's spread before it was held against anything; judgement: boosters overstate by about two."""


@dataclass(frozen=True)
class Calibration:
    """How one treatment's scores become effects: level + slope * (score - centre)."""

    centre: float
    """The mean score."""
    level: float
    """The effect at the mean score."""
    slope: float
    """Effect per unit of score."""
    level_variance: float
    """Squared standard error of the level."""
    slope_variance: float
    """Squared standard error of the slope."""
    centre_variance: float = 0.0
    """Squared standard error of the mean score as that of everybody."""

    def effect(self, score: Floats) -> Floats:
        """Give the effect per score."""
        return self.level + self.slope * (score - self.centre)

    def average_variance(self) -> float:
        """Give the squared standard error of the level as the average effect of everybody."""
        return self.level_variance + self.slope**2 * self.centre_variance

    def variance(self, score: Floats) -> Floats:
        """Give its squared standard error: of the mean effect among people of this score."""
        return self.level_variance + self.slope_variance * (score - self.centre) ** 2


def calibrated(scores: Floats, effect: Floats, treatments: Sequence[Treatment]) -> list[Calibration]:
    """Give each treatment's calibration from held-out scores and pseudo-outcomes, both (n, treatments)."""
    return shrunk([_fitted(scores[:, place], effect[:, place]) for place in range(len(treatments))], treatments)


def assumed(treatment: Treatment) -> Calibration:
    """Give what is assumed of a treatment that the log says nothing of; it must assume something."""
    assert treatment.assumed is not None
    return Calibration(0.0, treatment.assumed, 0.0, treatment.assumed_sd**2, 0.0)


def _fitted(score: Floats, effect: Floats) -> Calibration:
    """Least squares with a sandwich variance; level and slope are uncorrelated about the mean score but for skewness.

    Where all scores are equal there is a level alone.
    """
    n, centre = len(score), float(score.mean())
    away = score - centre
    squares, level = float(away @ away), float(effect.mean())
    if squares <= 1e-18 * n:
        return Calibration(centre, level, 0.0, float(effect.var()) / n, 0.0)
    slope = float(away @ effect) / squares
    left = effect - level - slope * away
    slope_variance = float((away * left) @ (away * left)) / squares**2
    slope, slope_variance = _drawn(slope, slope_variance, SLOPE, SLOPE_SD**2)
    return Calibration(centre, level, max(slope, 0.0), float(left @ left) / n**2, slope_variance, squares / n**2)


def shrunk(own: Sequence[Calibration], treatments: Sequence[Treatment]) -> list[Calibration]:
    """Draw levels towards what is assumed of each treatment, or towards the mean of those of which nothing is."""
    loose = [one for one, treatment in zip(own, treatments, strict=True) if treatment.assumed is None]
    mean, between = _spread([one.level for one in loose], [one.level_variance for one in loose])
    found = []
    for one, treatment in zip(own, treatments, strict=True):
        towards, doubt = (mean, between) if treatment.assumed is None else (treatment.assumed, treatment.assumed_sd**2)
        level, variance = _drawn(one.level, one.level_variance, towards, doubt)
        found.append(replace(one, level=level, level_variance=variance))
    return found


def _drawn(value: float, variance: float, towards: float, doubt: float) -> tuple[float, float]:
    """Give the mean and variance of a normal prior and a normal measurement together."""
    if not np.isfinite(doubt) or variance <= 0:
        return value, variance
    share = doubt / (doubt + variance)
    return towards + share * (value - towards), share * variance


def _spread(levels: Sequence[float], variances: Sequence[float]) -> tuple[float, float]:
    """Give the mean of the treatments and the variance between them; below three treatments nothing is known of it."""
    if len(levels) < 3 or min(variances) <= 0:
        return 0.0, float("inf")
    value, sure = np.array(levels), 1.0 / np.array(variances)
    mean = float((sure * value).sum() / sure.sum())
    excess = float((sure * (value - mean) ** 2).sum()) - (len(value) - 1)
    between = max(excess / float(sure.sum() - (sure**2).sum() / sure.sum()), 0.0)
    return mean, between + float(1.0 / sure.sum())
