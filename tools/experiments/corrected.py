"""Many comparisons in one report, each tested once: p values in the score form, corrected together (Holm 1979).

The correction is that of `cohort_effects`. It holds however the comparisons hang together, so nested parts with the
same people and several figures of one part may stand in one family.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr

from memory.domain.evidence import CorrectedTest

from .arms import ArmMean, both, difference, pooled_error
from .cohort_effects import holm


def corrected(pairs: Sequence[tuple[ArmMean, ArmMean]], alpha: float = 0.05) -> tuple[CorrectedTest, ...]:
    """Test (treated, withheld) in every pair; each must have people in both arms and some spread.

    Any of them is said to differ from zero by chance alone in at most `alpha` of reports.
    """
    arms = [both(*pair) for pair in pairs]
    z = np.array([float(difference(one) / pooled_error(one)) for one in arms])
    p_values = 2 * ndtr(-np.abs(z))
    return tuple(
        CorrectedTest(p_value=float(plain), p_adjusted=float(held), n_tests=len(arms), differs=bool(held < alpha))
        for plain, held in zip(p_values, holm(p_values), strict=True)
    )
