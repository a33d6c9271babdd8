"""Weights over several decisions of a person: products up to where the trails part, and refusal without support."""

import numpy as np
import pytest

from tools.offpolicy import Trail, agreement

EMPTY = np.zeros(0, dtype=np.int64)


def trail(taken: list[int], logged: list[float], **changes: object) -> Trail:
    """Two people, two decisions each, two options per decision; option 0 of a decision is worth more."""
    n = len(taken)
    chance = np.array(logged * n)
    none = 1 - sum(logged)
    own = [none if one < 0 else chance[one] for one in taken]
    values: dict[str, object] = {
        "n_people": n // 2,
        "person": np.arange(n) // 2,
        "starts": np.arange(n) * 2,
        "taken": np.array(taken),
        "propensity": np.array(own),
        "is_forced": np.zeros(n, dtype=np.bool_),
        "available": np.ones(2 * n, dtype=np.bool_),
        "logged": chance,
        "net": np.array([5, 1] * n),
        "cost": np.array([40, 10] * n),
    }
    return Trail(**(values | changes))  # type: ignore[arg-type]


def test_the_weight_is_the_product_of_a_person_s_ratios_and_0_where_any_choice_differs() -> None:
    made = trail([0, 2, 0, -1], [0.5, 0.25])
    found = agreement(made, np.array([0, 2, 4, 6]))
    assert found.weights == pytest.approx([4.0, 0.0])
    assert found.refusal() is None


def test_the_second_person_agrees_where_the_policy_does_nothing_second() -> None:
    made = trail([0, 2, 4, -1], [0.5, 0.25])
    assert agreement(made, np.array([0, -1, 4, -1])).weights == pytest.approx([0.0, 8.0])


def test_a_forced_decision_agrees_with_every_policy_and_weighs_nothing() -> None:
    made = trail([-1, 2, 4, 6], [0.5, 0.25], is_forced=np.array([True, False, False, False]))
    assert agreement(made, np.array([0, 2, 4, 6])).weights == pytest.approx([2.0, 4.0])


def test_goal_9_a_choice_the_log_could_not_take_is_refused() -> None:
    made = trail([0, 2, 4, 6], [0.75, 0.0])
    found = agreement(made, np.array([0, 3, 4, 6]))
    assert found.lacking_rate == pytest.approx((1 / 0.75) / 2)
    refused = found.refusal()
    assert refused is not None
    assert refused.code == "no_support"


def test_a_choice_beyond_the_point_where_trails_part_needs_no_support() -> None:
    made = trail([1, 2, 4, 6], [0.5, 0.0], propensity=np.array([0.5, 0.5, 0.5, 0.5]))
    made.logged[1] = 0.5
    found = agreement(made, np.array([0, 3, 4, 6]))  # the first person parted before
    assert found.lacking_rate == 0


def test_best_takes_the_highest_available_option_and_the_earlier_of_equals() -> None:
    made = trail([0, 2, 4, 6], [0.5, 0.25])
    assert made.best(made.net).tolist() == [0, 2, 4, 6]
    assert made.best(-made.cost).tolist() == [1, 3, 5, 7]
    assert made.best(np.zeros(8, dtype=np.int64)).tolist() == [0, 2, 4, 6]
    assert made.best(made.net, made.net > 9).tolist() == [-1] * 4


def test_people_without_decisions_agree_with_everything() -> None:
    made = trail([0, 2], [0.5, 0.25], n_people=3)
    assert agreement(made, np.array([0, 2])).weights == pytest.approx([4.0, 1.0, 1.0])
    bare = Trail(2, EMPTY, EMPTY, EMPTY, np.zeros(0), np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.bool_),
                 np.zeros(0), EMPTY, EMPTY)  # fmt: skip
    assert agreement(bare, EMPTY).weights.tolist() == [1.0, 1.0]
    assert bare.best(bare.net).tolist() == []


def test_weights_average_to_1_over_the_log() -> None:
    rng = np.random.default_rng(1)
    n, logged = 20_000, np.array([0.6, 0.2])
    pick = rng.choice(3, n * 2, p=[*logged, 0.2])
    taken = np.where(pick < 2, np.arange(n * 2) * 2 + pick, -1)
    made = trail(taken.tolist(), logged.tolist())
    wanted = np.where(rng.random(n * 2) < 0.5, made.best(made.net), -1)
    assert agreement(made, wanted).weights.mean() == pytest.approx(1.0, abs=0.06)
