from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from memory.domain.guardrails import BudgetShare, PathStep
from tools.budget.path import share_path, step_on

DAY = date(2026, 12, 1)


def test_s1_54_from_five_percent_three_small_steps_lead_into_the_band() -> None:
    path = share_path(0.05, BudgetShare(), DAY)
    assert [(step.min_rate, step.max_rate) for step in path] == [(0.05, 0.1), (0.1, 0.15), (0.15, 0.2), (0.2, 0.3)]
    assert [step.from_on for step in path] == [DAY + timedelta(days=90 * number) for number in range(4)]


def test_s1_53_inside_the_band_the_path_is_the_band() -> None:
    assert share_path(0.25, BudgetShare(), DAY) == (PathStep(from_on=DAY, min_rate=0.2, max_rate=0.3),)


def test_s1_54_above_the_band_it_comes_down_in_steps() -> None:
    path = share_path(0.38, BudgetShare(), DAY)
    assert [(step.min_rate, step.max_rate) for step in path] == [(0.33, 0.38), (0.3, 0.33), (0.2, 0.3)]


@given(st.floats(0, 1), st.floats(0.01, 0.2))
def test_s1_54_no_step_is_larger_than_allowed_and_the_end_is_the_band(present: float, largest: float) -> None:
    rules = BudgetShare(max_step_rate=largest)
    path = share_path(present, rules, DAY)
    assert (path[-1].min_rate, path[-1].max_rate) == (0.2, 0.3)
    assert all(step.max_rate - step.min_rate <= largest + 1e-5 for step in path[:-1])


def test_a_path_set_by_a_marketer_is_taken_in_order() -> None:
    late = PathStep(from_on=date(2027, 3, 1), min_rate=0.1, max_rate=0.2)
    soon = PathStep(from_on=DAY, min_rate=0.05, max_rate=0.1)
    path = share_path(0.05, BudgetShare(path=(late, soon)), DAY)
    assert path == (soon, late)
    assert step_on(path, date(2027, 2, 28)) == soon
    assert step_on(path, date(2027, 3, 1)) == late
    assert step_on(path, date(2026, 11, 30)) is None
