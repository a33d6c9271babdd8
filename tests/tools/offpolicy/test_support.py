"""What a log cannot say is refused: actions it never took, or could not take for some people."""

import numpy as np

from tools.offpolicy import Log, effective_n, refusal
from tools.offpolicy.log import Floats

N = 1_000


def log(actions: int, logging: Floats | None = None) -> Log:
    action = np.arange(N) % actions
    return Log(np.zeros((N, 1)), action, np.ones(N), np.full(N, 1 / actions), logging)


def always(action: int) -> Floats:
    chances: Floats = np.eye(3)[np.full(N, action)]
    return chances


def code(of: Log, target: Floats) -> str:
    found = refusal(of, target)
    return found.code if found else ""


def test_goal_9_a_needed_action_that_was_never_taken_is_refused() -> None:
    assert code(log(2), always(2)) == "no_support"
    assert code(log(2), always(1)) == ""


def test_goal_9_an_action_that_could_not_be_taken_for_some_people_is_refused() -> None:
    logging = np.full((N, 3), 1 / 3)
    logging[:100] = np.array([0.5, 0.5, 0.0])
    assert code(log(3, logging), always(2)) == "no_support"
    assert code(log(3, logging), always(1)) == ""


def test_a_policy_that_hardly_ever_takes_it_does_not_need_it() -> None:
    target = always(1)
    target[:, 1], target[:, 2] = 1 - 5e-5, 5e-5
    assert code(log(2), target) == ""


def test_an_empty_log_says_nothing() -> None:
    none = Log(np.zeros((0, 1)), np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    assert code(none, np.zeros((0, 3))) == "too_few_people"


def test_effective_rows_are_rows_where_all_weigh_the_same() -> None:
    assert effective_n(np.full(50, 3.0)) == 50
    assert effective_n(np.array([1.0, 0.0, 0.0])) == 1
    assert effective_n(np.zeros(3)) == 0
