"""The sequential sample-ratio test: a martingale by enumeration, and a leak that is found."""

from math import comb

import numpy as np
import pytest

from memory.domain.errors import InvalidInput
from tools.experiments.sequential_ratio import log_bayes_factor, sequential_ratio


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_the_bayes_factor_is_one_on_average_where_assignment_is_sound(rate: float) -> None:
    n = 60
    control = np.arange(n + 1, dtype=float)
    chance = np.array([comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(n + 1)])
    assert chance @ np.exp(log_bayes_factor(n - control, control, rate)) == pytest.approx(1.0)


def test_a_leak_is_found_and_stays_found() -> None:
    days = np.arange(1, 29, dtype=float)
    leaking = sequential_ratio(9_000 * days, 850 * days, 0.1)
    assert leaking.is_suspicious and leaking.p_value < 0.001
    repaired = sequential_ratio(np.append(9_000 * days, 270_000.0), np.append(850 * days, 30_000.0), 0.1)
    assert repaired.p_value == leaking.p_value


def test_a_sound_split_is_left_alone() -> None:
    days = np.arange(1, 29, dtype=float)
    assert not sequential_ratio(9_000 * days, 1_003 * days, 0.1).is_suspicious
    assert sequential_ratio(np.zeros(1), np.zeros(1), 0.1).p_value == 1.0


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_promise_of_all_or_nobody_is_refused(rate: float) -> None:
    with pytest.raises(InvalidInput, match="between 0 and 1"):
        sequential_ratio(np.ones(1), np.ones(1), rate)
