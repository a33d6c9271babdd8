"""A cap for amounts, set before the experiment, so that one huge basket decides nothing."""

import numpy as np
import numpy.typing as npt

from memory.domain.outcome import NotEstimable

MIN_BEFORE = 200
"""Buyers needed to know a 99th percentile: two of them lie above it."""


def preset_cap(amounts_before_minor: npt.NDArray[np.float64], share: float = 0.99) -> int | NotEstimable:
    """Give the amount per person, in minor units, that `share` of earlier buyers stayed at or below.

    Takes what each buyer spent in a window of the same length that ended before assignment; people with nothing are
    left out. The capped mean is the figure that is then tested: it differs from the plain one by what lies above.
    """
    spent = amounts_before_minor[amounts_before_minor > 0]
    if len(spent) < MIN_BEFORE:
        return NotEstimable(
            code="too_few_buyers",
            message=f"There were {len(spent)} buyers before; a cap is set from {MIN_BEFORE} on. Compare without a cap.",
        )
    return int(np.quantile(spent, share, method="higher"))
