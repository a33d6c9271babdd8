"""The chooser of before: values first, whatever they cost; caps, grants and money then stop it."""

import numpy as np

from eval.scoreboard.choosing import planned_choice
from eval.scoreboard.greedy_choice import greedy_choice
from tools.allocation import Options


def options(net: list[list[int]], cost: list[list[int]], **changes: object) -> Options:
    """Decisions with two options each, caps and grants wide open."""
    n = len(net)
    fields = {
        "starts": np.arange(0, 2 * n, 2),
        "allowed": np.ones(2 * n, dtype=np.bool_),
        "net_millis": np.array(net).ravel(),
        "cost_millis": np.array(cost).ravel(),
        "cap_group": np.arange(n),
        "free_slots": np.ones(n, dtype=np.int64),
        "offer": np.zeros(2 * n, dtype=np.int64),
        "free_grants": np.full(2 * n, 10**6),
    }
    return Options(**(fields | changes))  # type: ignore[arg-type]


def test_with_money_for_all_both_take_the_best_value() -> None:
    given = options([[5, 3], [2, 4], [-1, 0]], [[2, 1], [1, 2], [1, 1]])
    assert greedy_choice(given, 100).tolist() == [0, 3, -1]
    assert planned_choice(given, 100).option.tolist() == [0, 3, -1]


def test_short_money_goes_to_the_highest_value_and_the_plan_buys_more_of_less() -> None:
    given = options([[10, 6], [9, 6]], [[10, 1], [10, 1]])
    assert greedy_choice(given, 10).tolist() == [0, -1]
    assert planned_choice(given, 10).option.tolist() == [1, 3]


def test_the_first_that_money_does_not_reach_ends_it_for_all_that_follow() -> None:
    given = options([[10, 0], [9, 0], [8, 0]], [[5, 0], [9, 0], [1, 0]])
    assert greedy_choice(given, 10).tolist() == [0, -1, -1]


def test_caps_and_grants_take_the_highest_values() -> None:
    one_person = options([[5, 0], [7, 0]], [[1, 1], [1, 1]], cap_group=np.zeros(2, dtype=np.int64))
    assert greedy_choice(one_person, 100).tolist() == [-1, 2]
    one_grant = options([[5, 0], [7, 0]], [[1, 1], [1, 1]], free_grants=np.ones(4, dtype=np.int64))
    assert greedy_choice(one_grant, 100).tolist() == [-1, 2]
