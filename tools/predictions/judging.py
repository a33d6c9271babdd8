"""How good predicted chances are on people they were not learned on: AUC, Brier score, calibration, importance."""

from math import sqrt

import numpy as np
import numpy.typing as npt

from memory.domain.base import Count, Frozen, Rate
from memory.domain.experiment import Interval
from tools.metrics.interval import mean, wilson

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class CalibrationBin(Frozen):
    """People whose chance lies close together."""

    n_people: Count
    """How many."""
    predicted: Rate
    """Their mean chance."""
    observed: Interval
    """The share to whom it happened."""


def auc(chance: Floats, happened: Flags) -> Interval:
    """Give the area under the ROC curve with its 95 % interval (Hanley and McNeil 1982, Radiology 143(1)).

    It is the probability that somebody to whom it happened had a higher chance than somebody to whom it did not; ties
    count half. Both kinds have to be there.
    """
    n_yes, n_no = int(happened.sum()), int((~happened).sum())
    area = _area(chance, happened)
    q1, q2 = area / (2 - area), 2 * area * area / (1 + area)
    variance = area * (1 - area) + (n_yes - 1) * (q1 - area * area) + (n_no - 1) * (q2 - area * area)
    half = 1.96 * sqrt(max(variance, 0.0) / (n_yes * n_no))
    return Interval(estimate=area, low=max(0.0, area - half), high=min(1.0, area + half), method="hanley-mcneil")


def _area(chance: Floats, happened: Flags) -> float:
    from scipy.stats import rankdata

    n_yes = int(happened.sum())
    n_no = len(happened) - n_yes
    ranks = rankdata(chance)
    return float((ranks[happened].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))


def brier(chance: Floats, happened: Flags) -> Interval:
    """Give the mean squared distance of the chance from what happened; smaller is better."""
    off = (chance - happened) ** 2
    return mean(len(off), float(off.sum()), float((off * off).sum()))


def calibration(chance: Floats, happened: Flags, n_bins: int = 5) -> tuple[CalibrationBin, ...]:
    """Give equally large groups by chance, lowest first, each with its mean chance and the share that ordered."""
    order = np.argsort(chance, kind="stable")
    bins = []
    for part in np.array_split(order, n_bins):
        if len(part):
            observed = wilson(int(happened[part].sum()), len(part))
            bins.append(CalibrationBin(n_people=len(part), predicted=float(chance[part].mean()), observed=observed))
    return tuple(bins)


def importance(
    score: npt.NDArray[np.float64],
    weights: Floats,
    values: Floats,
    happened: Flags,
    columns: list[int],
    *,
    seed: int,
    n_repeats: int = 30,
) -> Interval:
    """Give how much AUC is lost when these columns are shuffled together among people, with a 95 % range.

    `score` is linear in `values` with `weights`, so only the shuffled part is added up again.
    """
    generator = np.random.default_rng(seed)
    own = values[:, columns] @ weights[columns]
    full = _area(score, happened)
    lost = np.array([full - _area(score - own + generator.permutation(own), happened) for _ in range(n_repeats)])
    low, high = np.quantile(lost, [0.025, 0.975])
    return Interval(
        estimate=float(lost.mean()), low=float(low), high=float(high), method=f"{n_repeats} shuffles on held-out people"
    )
