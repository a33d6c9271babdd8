"""The off-policy bench: its truth is true, its seeds are fixed, and what has no support is refused."""

import numpy as np
import pytest

from eval import ope
from tools.offpolicy import evaluate

pytestmark = pytest.mark.slow


def test_goal_9_every_case_without_support_is_refused() -> None:
    found = ope.refusals(30)
    assert found.n_refused == found.n_cases == 30
    assert set(found.by_code) == {"no_support", "low_ess"}


def test_goal_9_intervals_cover_on_few_policies() -> None:
    """`python -m eval.ope` has 500 policies at 10,000 and 50,000 rows; here 60 at 4,000."""
    found = ope.coverage(4_000, 60)
    assert isinstance(found, ope.Coverage)
    assert found.covered.low < 0.95 < found.covered.high
    assert found.n_refused < 60
    assert abs(found.bias) < 3 * found.rmse / np.sqrt(60 - found.n_refused)


def test_the_same_seed_makes_the_same_log() -> None:
    first, second = (ope.logged(ope.world(), 500, 7) for _ in range(2))
    assert np.array_equal(first.reward, second.reward)
    assert not np.array_equal(first.reward, ope.logged(ope.world(), 500, 8).reward)


def test_rewards_average_to_what_the_law_says() -> None:
    law, log = ope.world(), ope.logged(ope.world(), 50_000, 1)
    expected = law.margin(log.context)[np.arange(log.n), log.action]
    error = np.std(log.reward - expected) / np.sqrt(log.n)
    assert abs(np.mean(log.reward - expected)) < 4 * error
    nothing = np.eye(ope.N_ACTIONS)[np.zeros(log.n, dtype=np.int64)]
    found = evaluate(log, nothing)
    assert found.effective_n == pytest.approx((log.action == 0).sum(), rel=1e-6)


def test_a_goal_that_is_missed_ends_with_1(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ope, "GOAL", (1.1, 1.2))
    assert ope.main(["--policies", "3", "--rows", "3000"]) == 1
    assert "95 % intervals hold the truth" in capsys.readouterr().out


def test_a_log_too_small_for_any_policy_misses_the_goal_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert ope.main(["--policies", "2", "--rows", "60"]) == 1
    assert "60 rows: all 2 policies were refused" in capsys.readouterr().out
