from dataclasses import dataclass

import numpy as np
import pytest

from memory.domain.experiment import Interval
from tools.effects import FLOOR, LearnedEffects, learn_effects
from tools.effects.learner import Learner, Scorer
from tools.effects.learners import DrLearner
from tools.offpolicy.log import Floats, Log

from .logs import chance_log, line_law, step_law, treatment

pytestmark = pytest.mark.slow


def learned(log: Log, *learners: Learner, cost: float = 0.1) -> LearnedEffects:
    found = learn_effects(log, [treatment(cost)], seed=1, learners=learners)
    assert isinstance(found, LearnedEffects)
    return found


@dataclass(frozen=True)
class Told:
    """A planted learner that scores by a law it was told, or by noise."""

    id: str
    is_right: bool

    def fit(self, log: Log, seed: int) -> Scorer:
        def score(context: Floats) -> Floats:
            return step_law(context) if self.is_right else context[:, 2:3]

        return score


def test_a_booster_that_is_worth_more_on_held_out_rows_takes_the_floors_place() -> None:
    found = learned(chance_log(step_law, 20_000), FLOOR, Told("right", True), Told("wrong", False))
    assert [one.learner for one in found.contenders] == ["ridge", "right", "wrong"]
    assert found.learner == "right"
    assert found.value.low > found.floor.high


def test_a_booster_that_is_worth_no_more_does_not() -> None:
    found = learned(chance_log(line_law, 20_000), FLOOR, Told("wrong", False))
    assert found.learner == "ridge"
    assert found.value == found.floor


@dataclass(frozen=True)
class Memory:
    """A planted learner that knows by heart what came of the rows it saw, and nothing of others."""

    id: str = "memory"

    def fit(self, log: Log, seed: int) -> Scorer:
        order = np.argsort(log.context[:, 0])
        seen, came = log.context[order, 0], np.where(log.action == 1, 2.0, -2.0)[order] * log.reward[order]

        def score(context: Floats) -> Floats:
            place = np.minimum(np.searchsorted(seen, context[:, 0]), len(seen) - 1)
            return np.where(seen[place] == context[:, 0], came[place], 0.0)[:, None]

        return score


def test_what_a_learner_knows_by_heart_is_neither_believed_nor_claimed() -> None:
    log = chance_log(lambda x: 0.1 + 0 * x[:, :1], 20_000)
    found = learned(log, FLOOR, Memory(), cost=0.0)
    naive = float(np.maximum(Memory().fit(log, 1)(log.context), 0.0).mean())
    memory = found.contenders[1]
    assert naive > 0.3, "the sum of the effects that chose claims thrice what comes"
    assert memory.value.high < 0.12
    assert found.learner == "ridge"


def test_a_booster_that_comes_closer_and_is_worth_no_more_does_not_take_the_floors_place() -> None:
    """Everybody gains far more than it costs: how much is known better, and nobody is treated otherwise."""
    log = chance_log(lambda x: 1.0 + step_law(x), 20_000)
    found = learned(log, FLOOR, Told("right", True), cost=0.1)
    closer = found.contenders[1].closer
    assert isinstance(closer, Interval)
    assert closer.low > 0
    assert found.learner == "ridge"


def test_a_real_booster_beats_the_floor_where_no_line_follows() -> None:
    found = learned(chance_log(step_law, 20_000, noise=0.4), FLOOR, DrLearner())
    assert found.learner == "dr"


def test_few_rows_try_no_booster() -> None:
    found = learned(chance_log(step_law, 5_000), FLOOR, Told("right", True))
    assert [one.learner for one in found.contenders] == ["ridge"]


def test_effects_come_with_intervals_that_narrow_with_rows() -> None:
    people = np.random.default_rng(5).standard_normal((400, 3))
    few, many = (learned(chance_log(line_law, n, noise=1.0), FLOOR).effects(people) for n in (2_000, 20_000))
    assert (few.sd > many.sd).all()
    low, high = many.interval()
    held = (low <= line_law(people)) & (line_law(people) <= high)
    assert (low < high).all()
    assert held.mean() > 0.7


def test_the_value_claimed_is_what_the_plan_brings() -> None:
    ratios, held = [], 0
    people = np.random.default_rng(5).standard_normal((20_000, 3))
    for seed in range(40):
        found = learned(chance_log(line_law, 4_000, seed=seed, noise=1.0), FLOOR)
        true = float(np.where(found.choose(people) == 1, line_law(people)[:, 0] - 0.1, 0.0).mean())
        ratios.append((found.value.estimate, true))
        held += found.value.low <= true <= found.value.high
    claimed, came = np.array(ratios).sum(axis=0)
    assert claimed / came == pytest.approx(1.0, abs=0.12)
    assert held >= 35


def test_the_outcome_claimed_is_what_the_plan_adds_before_costs() -> None:
    held, people = 0, np.random.default_rng(5).standard_normal((20_000, 3))
    for seed in range(30):
        found = learned(chance_log(line_law, 4_000, seed=seed, noise=1.0), FLOOR)
        sent = found.choose(people) == 1
        held += found.added.low <= float((line_law(people)[:, 0] * sent).mean()) <= found.added.high
        assert found.added.estimate - 0.1 * float(sent.mean()) == pytest.approx(found.value.estimate, abs=0.01)
    assert held >= 26


def test_a_message_that_only_costs_is_sent_to_nobody() -> None:
    found = learned(chance_log(lambda x: 0 * x[:, :1], 4_000), FLOOR, cost=0.2)
    assert (found.choose(np.zeros((3, 3))) == 0).all()
    assert found.value.estimate == pytest.approx(0.0, abs=0.01)


def test_the_same_log_and_seed_give_the_same_effects() -> None:
    log = chance_log(step_law, 2_000)
    one, other = (DrLearner().fit(log, seed=1)(log.context) for _ in range(2))
    assert (one == other).all()


def test_a_deeper_discount_never_does_less() -> None:
    def law(x: Floats) -> Floats:
        return np.column_stack([0.2 + 0 * x[:, 0], 0.1 + 0 * x[:, 0]])

    ladder = [treatment(id=f"d{size}", ladder="d", discount_rate=size / 100) for size in (5, 10)]
    found = learn_effects(chance_log(law, 3_000, shares=(0.4, 0.3, 0.3)), ladder, seed=1, learners=[FLOOR])
    assert isinstance(found, LearnedEffects)
    told = found.effects(np.random.default_rng(1).standard_normal((50, 3))).mean
    assert (told[:, 1] >= told[:, 0] - 1e-12).all()


def test_readings_say_what_each_arm_does_on_average() -> None:
    held = []
    for seed in range(40):
        found = learned(chance_log(line_law, 2_000, seed=seed), FLOOR)
        reading = found.readings[0].effect
        assert isinstance(reading, Interval)
        held.append(reading.low < 0.1 < reading.high)
    assert sum(held) >= 35
    assert found.readings[0].effective_rows > 900
