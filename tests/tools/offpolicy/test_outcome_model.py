import numpy as np

from tools.offpolicy import Log
from tools.offpolicy.outcome_model import cross_fitted, cross_fitted_baseline, expected_rewards


def made(n: int = 2_000) -> Log:
    rng = np.random.default_rng(5)
    context = rng.standard_normal((n, 2)) * np.array([1.0, 100.0])
    action = rng.integers(0, 3, n)
    reward = context[:, 0] * (action - 1) + 0.01 * context[:, 1] + rng.standard_normal(n) * 0.1
    return Log(context, action, reward, np.full(n, 1 / 3))


def test_each_row_is_told_by_the_other_fold() -> None:
    log = made()
    before = cross_fitted(log, 3)
    changed = log.reward.copy()
    changed[::2] += 1_000.0
    after = cross_fitted(Log(log.context, log.action, changed, log.propensity), 3)
    assert np.allclose(before[::2], after[::2])
    assert np.all(np.abs(before[1::2] - after[1::2]) > 100)


def test_what_an_action_adds_is_learnt_and_an_action_never_taken_is_an_average_one() -> None:
    log = made()
    told = expected_rewards(log, np.array([[1.0, 0.0]]), 4)[0]
    assert np.allclose(told[:3], [-1, 0, 1], atol=0.1)
    assert abs(told[3]) < 0.1


def test_the_baseline_follows_the_weights() -> None:
    context, reward = np.zeros((400, 1)), np.repeat([0.0, 10.0], 200)
    weight = np.repeat([0.0, 2.0], 200)
    assert np.allclose(cross_fitted_baseline(context, reward, weight), 10.0, atol=0.2)
