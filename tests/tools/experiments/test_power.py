"""Power against the textbook and against simulation."""

import numpy as np
import pytest

from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tools.experiments import power


def test_detectable_lift_is_found_in_80_of_100_worlds() -> None:
    found = power(9_000, 1_000, 0.2)
    assert isinstance(found, Interval)
    rng = np.random.default_rng(3)
    treated = rng.binomial(9_000, 0.2 + found.estimate / 100, 4_000) / 9_000
    control = rng.binomial(1_000, 0.2, 4_000) / 1_000
    pooled = (treated * 9_000 + control * 1_000) / 10_000
    z = (treated - control) / np.sqrt(pooled * (1 - pooled) * (1 / 9_000 + 1 / 1_000))
    assert 0.77 < float((z > 1.96).mean()) < 0.83


def test_larger_arms_see_smaller_lifts() -> None:
    small, large = power(900, 100, 0.2), power(90_000, 10_000, 0.2)
    assert isinstance(small, Interval)
    assert isinstance(large, Interval)
    assert large.estimate < small.estimate / 5


@pytest.mark.parametrize(("n_treated", "n_control", "baseline", "code"), [
    (10, 0, 0.2, "no_control_group"), (10, 10, 0.0, "no_variance"), (2, 2, 0.9, "too_few_people"),
])  # fmt: skip
def test_impossible_designs_say_why(n_treated: int, n_control: int, baseline: float, code: str) -> None:
    found = power(n_treated, n_control, baseline)
    assert isinstance(found, NotEstimable)
    assert found.code == code
