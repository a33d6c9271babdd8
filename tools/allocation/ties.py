"""Ties: with values from a short list thousands of decisions have the same lead, and no multiplier tells them apart.

A tiny number of its own is added to each value while the plan is searched for: the same on every machine, smaller than
anything a value can differ by. Values and bound of the plan are those without it.
"""

from dataclasses import replace

import numpy as np

from .columns import BLOCKED, Columns

SHARE = 2.0**-21
"""Largest tiny number as a share of what a chosen option is worth."""
FEW = 2_000
"""Among so few the exact program over near ties does without."""
LOOKED_AT = 4_000


def has_ties(columns: Columns) -> bool:
    """Say whether values in a sample come from a short list."""
    if columns.n <= FEW:
        return False
    step = max(1, columns.n // LOOKED_AT)
    sample = columns.value[:, ::step]
    usable = sample[sample > BLOCKED]
    return len(usable) > 0 and len(np.unique(usable)) < 0.5 * len(usable)


def told_apart(columns: Columns, worth: float, grid: float) -> Columns:
    """Give the columns with a tiny number added to each value, whole multiples of the grid."""
    levels = max(int(min(0.25, worth * SHARE) / grid), 1)
    value = columns.value.astype(np.float64)
    number = np.arange(columns.n, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for place in range(columns.m):
        own = np.uint64((place + 1) * 0xD1B54A32D192ED03 % 2**64)
        mixed = (number + own) * np.uint64(0xBF58476D1CE4E5B9)
        value[place] += ((mixed >> np.uint64(32)) % np.uint64(levels)).astype(np.float64) * grid
    return replace(columns, value=np.where(columns.value > BLOCKED, value, BLOCKED))
