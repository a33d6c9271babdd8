"""Effects that never fall with the size of a discount: the closest ones that obey, person by person."""

from collections.abc import Sequence

import numpy as np

from tools.offpolicy.log import Floats

from .treatment import Treatment


def ladders(treatments: Sequence[Treatment]) -> list[list[int]]:
    """Give the positions of treatments that are sizes of one incentive, smallest discount first."""
    names = dict.fromkeys(treatment.ladder for treatment in treatments if treatment.ladder)
    by_size = sorted(range(len(treatments)), key=lambda place: treatments[place].discount_rate)
    found = [[place for place in by_size if treatments[place].ladder == name] for name in names]
    return [steps for steps in found if len(steps) > 1]


def monotone(effect: Floats, variance: Floats, treatments: Sequence[Treatment]) -> Floats:
    """Give effects (m, treatments) made isotone on every ladder, weighted by how sure each is.

    The min-max formula of isotonic regression (Robertson, Wright and Dykstra 1988): largest, over where a block may
    begin, of the smallest weighted mean over where it may end.
    """
    told: Floats = effect.copy()
    for steps in ladders(treatments):
        sure = 1.0 / np.maximum(variance[:, steps], 1e-30)
        weights = np.cumsum(np.column_stack([np.zeros(len(effect)), sure]), axis=1)
        sums = np.cumsum(np.column_stack([np.zeros(len(effect)), sure * effect[:, steps]]), axis=1)
        for here, place in enumerate(steps):
            begun = [
                np.min([(sums[:, e] - sums[:, b]) / (weights[:, e] - weights[:, b])
                        for e in range(here + 1, len(steps) + 1)], axis=0)
                for b in range(here + 1)
            ]  # fmt: skip
            told[:, place] = np.max(begun, axis=0)
    return told
