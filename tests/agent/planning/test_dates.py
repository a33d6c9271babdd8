from datetime import date

import pytest

from agent.planning.catalogue.membership import JANUARY_MISSION
from agent.planning.catalogue.seasonal import SPRING_RESTOCK
from agent.planning.dates import day_on, offer_ends_on, phase_of, phases, playbook_day

ANCHOR = date(2026, 12, 1)


def test_s2_46_s2_53_trap_7_phases_are_two_four_and_six_weeks_and_a_review_week() -> None:
    spans = [(phase.id, (phase.ends_on - phase.starts_on).days + 1) for phase in phases(ANCHOR)]
    assert spans == [("stabilise", 14), ("relevance", 28), ("lock_in", 42), ("review", 7)]


@pytest.mark.parametrize(
    ("day", "phase"),
    [(0, "stabilise"), (13, "stabilise"), (14, "relevance"), (41, "relevance"), (42, "lock_in"),
     (84, "review"), (90, "review")],
)  # fmt: skip
def test_s2_46_a_day_belongs_to_one_phase(day: int, phase: str) -> None:
    assert phase_of(day) == phase


def test_a_leap_day_is_a_day_like_any_other() -> None:
    assert day_on(date(2027, 12, 1), 90) == date(2028, 2, 29)


def test_s2_54_s2_56_a_season_moves_a_step_or_leaves_it_out() -> None:
    assert playbook_day(JANUARY_MISSION, 44, ANCHOR) == 44
    assert day_on(ANCHOR, playbook_day(SPRING_RESTOCK, 50, ANCHOR) or 0) == date(2027, 2, 1)
    assert playbook_day(JANUARY_MISSION, 44, date(2026, 5, 1)) is None


def test_s2_54_a_mission_ends_with_january_and_no_offer_outlives_the_plan() -> None:
    assert offer_ends_on(JANUARY_MISSION, date(2027, 1, 14), date(2027, 3, 1), None) == date(2027, 1, 31)
    assert offer_ends_on(SPRING_RESTOCK, date(2027, 2, 20), date(2027, 3, 1), 30) == date(2027, 3, 1)
