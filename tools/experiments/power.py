"""Power: which lift an experiment of these sizes can see."""

import math
from statistics import NormalDist

from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable

METHOD = "two-sample normal approximation at 5 % two-sided, 80 % power (Fleiss, Levin, Paik 2003, chapter 4)"


def power(n_treated: int, n_control: int, baseline: float, *, alpha: float = 0.05, goal: float = 0.8) -> Estimate:
    """Give the smallest lift in percentage points over `baseline` that is found with probability `goal`.

    The estimate's ends equal it: it is a property of the design, not of data.
    """
    if n_control == 0 or n_treated == 0:
        return NotEstimable(code="no_control_group", message="One arm is empty; no lift can be seen.")
    if not 0 < baseline < 1:
        return NotEstimable(
            code="no_variance", message="The baseline must lie between 0 and 1 to tell what is visible."
        )
    low, high = 0.0, 1.0 - baseline
    for _ in range(60):
        middle = (low + high) / 2
        if _power_of(middle, n_treated, n_control, baseline, alpha) < goal:
            low = middle
        else:
            high = middle
    if _power_of(high, n_treated, n_control, baseline, alpha) < goal:
        return NotEstimable(code="too_few_people", message="No lift is large enough to be seen with so few people.")
    return Interval(estimate=100 * high, low=100 * high, high=100 * high, level=goal, method=METHOD)


def _power_of(lift: float, n_treated: int, n_control: int, baseline: float, alpha: float) -> float:
    normal = NormalDist()
    rate = baseline + lift
    pooled = (n_treated * rate + n_control * baseline) / (n_treated + n_control)
    under_null = math.sqrt(pooled * (1 - pooled) * (1 / n_treated + 1 / n_control))
    apart = math.sqrt(rate * (1 - rate) / n_treated + baseline * (1 - baseline) / n_control)
    reach = lift - normal.inv_cdf(1 - alpha / 2) * under_null
    return normal.cdf(reach / apart) if apart > 0 else float(reach > 0)
