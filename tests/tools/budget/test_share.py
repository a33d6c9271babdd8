from datetime import date

from memory.domain.guardrails import BudgetShare
from tests.factories.planning import audit, eur
from tools.budget.share import ShareRoom, share_room

DAY = date(2026, 12, 1)


def room(**changes: object) -> ShareRoom:
    found = share_room(audit(**changes), BudgetShare(), DAY)
    assert found is not None
    return found


def test_s1_53_the_room_is_what_the_step_leaves() -> None:
    """8 % of 300,000 are 24,000; the step allows 13 %, 39,000."""
    found = room()
    assert (found.min_rate, found.max_rate, found.most_minor) == (0.08, 0.13, 1_500_000)
    assert found.share_with(1_500_000) == 0.13
    assert found.share_with(0) == 0.08


def test_a_ledger_of_another_length_is_scaled_to_ninety_days() -> None:
    month = room(period_from=date(2026, 11, 1), period_until=date(2026, 11, 30))
    assert month.period_minor == 30_000_000 * 3


def test_above_the_band_a_plan_is_paid_out_of_running_money() -> None:
    found = room(post_share_rate=0.4, pre_minor=18_000_000, post_minor=12_000_000)
    assert found.is_above
    assert found.share_with(3_000_000) == 0.4
    assert found.most_minor == 12_000_000


def test_without_ledger_and_path_there_is_no_room_to_speak_of() -> None:
    empty = audit(pre_minor=0, post_minor=0, post_share_rate=None, period_from=None, period_until=None)
    assert share_room(empty, BudgetShare(), DAY) is None
    assert share_room(empty, BudgetShare(period_budget=eur(1000)), DAY) is None
