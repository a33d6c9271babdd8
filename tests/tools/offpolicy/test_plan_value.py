import numpy as np
import pytest

from memory.domain.errors import InvalidInput
from memory.domain.experiment import Interval
from tools.offpolicy.plan_value import plan_value, shrunk_effects


def a_log(effects: list[float], n: int = 40_000, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    cell, treated = rng.integers(0, len(effects), n), rng.integers(0, 2, n)
    return cell, treated, 1.0 + np.array(effects)[cell] * treated + rng.normal(0, 1, n)


def test_cells_worth_their_cost_are_chosen_and_valued_in_95_of_100_logs() -> None:
    """One log may miss; of 100 logs 5 are expected to, and 12 or more would be a defect (binomial, 0.4 %)."""
    n_missed, estimates = 0, []
    for seed in range(100):
        cell, treated, reward = a_log([0.5, 0.0, -0.5], n=5_000, seed=seed)
        found = plan_value(cell, treated, reward, np.full(3, 0.25), 0.5, seed=1)
        assert found.chosen == (0,)
        assert isinstance(found.value, Interval)
        n_missed += not found.value.low < 0.25 / 3 < found.value.high
        estimates.append(found.value.estimate)
    assert n_missed < 12
    assert float(np.mean(estimates)) == pytest.approx(0.25 / 3, abs=0.006)


def test_pure_noise_is_drawn_to_its_mean_and_claims_nothing() -> None:
    cell, treated, reward = a_log([0.0] * 30, n=6_000)
    shrunk = shrunk_effects(cell, treated, reward, 30)
    assert float(shrunk.std()) < 0.05
    found = plan_value(cell, treated, reward, np.zeros(30), 0.5, seed=1)
    assert isinstance(found.value, Interval)
    assert found.naive > 0.03 > found.value.low
    assert found.value.low < 0.0 < found.value.high


def test_a_malformed_log_is_refused_with_a_remedy() -> None:
    cell, treated, reward = a_log([0.1, 0.2], n=10)
    with pytest.raises(InvalidInput, match="one row per person"):
        plan_value(cell[:5], treated, reward, np.zeros(2), 0.5, seed=1)
    with pytest.raises(InvalidInput, match="share that was sent to"):
        plan_value(cell, treated, reward, np.zeros(2), 1.0, seed=1)
