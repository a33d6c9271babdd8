"""An honest forecast of a plan that is chosen from measured data: shrunk to choose, cross-fitted to value.

Whoever chooses the messages that looked best and adds up what they looked like claims too much (the optimiser's
curse, Smith and Winkler 2006). Here each fold of people values the choice that was made without them, so nobody's luck
is counted twice.
"""

import numpy as np

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput
from memory.domain.experiment import Estimate

from .estimators import of_scores
from .log import Floats, Ints

N_FOLDS = 5
METHOD = "cross-fitted in 5 folds, effects shrunk by empirical Bayes, normal interval"


class PlanValue(Frozen):
    """What sending to the chosen cells is worth per person of all cells, in the unit of the rewards."""

    chosen: tuple[int, ...]
    """Cells whose shrunk effect exceeds their cost, by all data."""
    value: Estimate
    """The forecast to show, with its interval."""
    naive: float
    """The sum of the very effects that chose: what must never be shown as a forecast."""


def plan_value(cell: Ints, treated: Ints, reward: Floats, cost: Floats, treat_rate: float, *, seed: int) -> PlanValue:
    """Choose the cells worth their cost and forecast what sending to them brings.

    `cell` (n,) numbers what each person would get, `treated` (n,) is 1 where it was sent, at random with `treat_rate`;
    `reward` (n,) is what the person brought and `cost` (cells,) what sending costs. Raise `InvalidInput` where the
    columns differ in length or the rate is not between 0 and 1.
    """
    _check(cell, treated, reward, treat_rate)
    n_cells, fold = len(cost), np.random.default_rng([seed, len(cell)]).integers(0, N_FOLDS, len(cell))
    scores = np.zeros(len(cell))
    weight = np.where(treated > 0, 1.0 / treat_rate, -1.0 / (1.0 - treat_rate))
    for number in range(N_FOLDS):
        out = fold == number
        known = ~out
        gain = shrunk_effects(cell[known], treated[known], reward[known], n_cells) - cost
        centre = _centre(cell[known], treated[known], reward[known], n_cells, treat_rate)
        mine = cell[out]
        scores[out] = np.where(gain[mine] > 0, weight[out] * (reward[out] - centre[mine]) - cost[mine], 0.0)
    gain = shrunk_effects(cell, treated, reward, n_cells) - cost
    raw = _effects(cell, treated, reward, n_cells)[0] - cost
    share = np.bincount(cell, minlength=n_cells) / len(cell)
    best = np.flatnonzero(gain > 0)
    return PlanValue(
        chosen=tuple(best.tolist()),
        value=of_scores(scores, METHOD),
        naive=float((share * raw)[raw > 0].sum()),
    )


def shrunk_effects(cell: Ints, treated: Ints, reward: Floats, n_cells: int) -> Floats:
    """Give each cell's effect, drawn towards their mean by how much of their spread is noise (DerSimonian, Laird)."""
    effect, variance = _effects(cell, treated, reward, n_cells)
    sure = 1.0 / variance
    mean = float((sure * effect).sum() / sure.sum())
    spread = float((sure * (effect - mean) ** 2).sum()) - (n_cells - 1)
    between = max(spread / float(sure.sum() - (sure**2).sum() / sure.sum()), 0.0) if n_cells > 1 else 0.0
    shrunk: Floats = mean + between / (between + variance) * (effect - mean)
    return shrunk


def _effects(cell: Ints, treated: Ints, reward: Floats, n_cells: int) -> tuple[Floats, Floats]:
    """Give per cell the difference of arm means and its variance; where an arm has under two people it is unknown."""
    means, errors = [], []
    for arm in (1, 0):
        own = treated == arm
        n = np.bincount(cell[own], minlength=n_cells)
        mean = np.bincount(cell[own], reward[own], n_cells) / np.maximum(n, 1)
        square = np.bincount(cell[own], reward[own] ** 2, n_cells) / np.maximum(n, 1)
        spread = np.maximum(square - mean**2, 0.0)
        known = (n >= 2) & (spread > 0)
        means.append(np.where(known, mean, 0.0))
        errors.append(np.where(known, spread / np.maximum(n - 1, 1), np.inf))
    variance = np.minimum(errors[0] + errors[1], 1e12)
    effect = np.where(variance < 1e12, means[0] - means[1], 0.0)
    return effect, np.maximum(variance, 1e-12)


def _centre(cell: Ints, treated: Ints, reward: Floats, n_cells: int, treat_rate: float) -> Floats:
    """Give per cell the mean that leaves the weighted score least noisy: each arm weighted by the other's share."""
    share = np.where(treated > 0, (1.0 - treat_rate) / treat_rate, treat_rate / (1.0 - treat_rate))
    total = np.bincount(cell, share, n_cells)
    centre: Floats = np.bincount(cell, share * reward, n_cells) / np.maximum(total, 1e-12)
    return centre


def _check(cell: Ints, treated: Ints, reward: Floats, treat_rate: float) -> None:
    if not len(cell) == len(treated) == len(reward) > 0:
        raise InvalidInput(
            what="The log", why="its columns differ in length or are empty", remedy="Give one row per person"
        )
    if not 0 < treat_rate < 1:
        raise InvalidInput(what="treat_rate", why="it is not between 0 and 1", remedy="Give the share that was sent to")
