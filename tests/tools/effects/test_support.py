import numpy as np
import pytest

from memory.domain.errors import InvalidInput
from memory.domain.outcome import NotEstimable
from tools.effects import LearnedEffects, Treatment, learn_effects
from tools.effects.support import effective_rows, refusal
from tools.offpolicy.log import Log

from .logs import chance_log, line_law, treatment


def test_a_log_without_the_chance_of_every_action_is_refused() -> None:
    log = chance_log(line_law, 500)
    with pytest.raises(InvalidInput, match="column per action"):
        learn_effects(Log(log.context, log.action, log.reward, log.propensity), [treatment()], seed=1)


def test_unequal_chances_are_worth_fewer_rows() -> None:
    log = chance_log(line_law, 1_000)
    uneven = np.where(np.arange(1_000) % 10 == 0, 0.02, 0.5)
    other = Log(log.context, log.action, log.reward, uneven, log.logging)
    assert effective_rows(other)[0] < effective_rows(log)[0] / 2
    assert effective_rows(log)[0] == pytest.approx(min((log.action == 1).sum(), (log.action == 0).sum()))


@pytest.mark.parametrize(("rows", "code"), [(0.0, "no_support"), (199.0, "low_ess")])
def test_too_little_is_refused_with_its_reason(rows: float, code: str) -> None:
    found = refusal(treatment(), rows)
    assert found is not None
    assert found.code == code
    assert "chance decide" in found.message


def test_two_hundred_rows_are_enough() -> None:
    assert refusal(treatment(), 200.0) is None


def test_an_arm_that_was_never_sent_gives_no_effects() -> None:
    log = chance_log(line_law, 1_000)
    kept = log.action == 0
    only = Log(
        log.context[kept], log.action[kept], log.reward[kept], log.propensity[kept], np.full((kept.sum(), 2), 0.5)
    )
    found = learn_effects(only, [treatment()], seed=1)
    assert isinstance(found, NotEstimable)
    assert found.code == "no_support"


def treatments() -> list[Treatment]:
    return [treatment(id="often"), treatment(id="rare", assumed=0.05, assumed_sd=0.01), treatment(id="unknown")]


def test_a_rare_arm_keeps_what_is_assumed_and_one_without_assumption_is_never_sent() -> None:
    def law(x: np.ndarray) -> np.ndarray:
        return np.column_stack([0.1 + 0 * x[:, 0], 9.0 + 0 * x[:, 0], 9.0 + 0 * x[:, 0]])

    log = chance_log(law, 3_000, shares=(0.48, 0.48, 0.02, 0.02))
    found = learn_effects(log, treatments(), seed=1)
    assert isinstance(found, LearnedEffects)
    assert [one.is_assumed for one in found.readings] == [False, True, True]
    assert isinstance(found.readings[2].effect, NotEstimable)
    told = found.effects(log.context[:5])
    assert np.allclose(told.mean[:, 1], 0.05)
    assert np.allclose(told.sd[:, 1], 0.01)
    assert (found.choose(log.context) == 1).all()
