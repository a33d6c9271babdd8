"""Errors by redrawn rows: those of a mean are the usual ones; those of a plan count the choice of the plan."""

import numpy as np
import pytest

from tools.effects import FLOOR, LearnedEffects, learn_effects
from tools.effects import learn as learn_module
from tools.effects.redrawn import redrawn

from .logs import chance_log, treatment


def test_the_error_of_a_mean_is_the_usual_one() -> None:
    x = np.random.default_rng(3).standard_normal(2_000)
    [variance] = redrawn(lambda rows: np.array([x[rows].mean()]), len(x), seed=1)
    assert variance == pytest.approx(x.var() / len(x), rel=0.6)
    assert redrawn(lambda rows: np.array([x[rows].mean()]), len(x), seed=1).tolist() == [variance]


def held(n_logs: int = 40) -> int:
    """In how many logs of a message worth exactly its cost, so that every plan is worth 0, the interval holds that."""
    n = 0
    for seed in range(n_logs):
        log = chance_log(lambda x: 0 * x[:, :1] + 0.1, 1_000, seed=seed, noise=1.0)
        found = learn_effects(log, [treatment(0.1)], seed=seed, learners=(FLOOR,))
        assert isinstance(found, LearnedEffects)
        n += found.value.low <= 0.0 <= found.value.high
    return n


@pytest.mark.slow
def test_an_interval_holds_where_an_effect_is_as_large_as_its_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug is the rows' own variance alone, which is smallest where hardly anybody is sent to."""
    n = held()
    assert n >= 36
    monkeypatch.setattr(learn_module, "redrawn", lambda *_: np.zeros(3))
    assert held() < n
