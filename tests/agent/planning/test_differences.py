from typing import get_args

from agent.planning.differences import SENTENCES, DifferenceKind, describe_difference, diff
from memory.domain.brief import Brief
from tests.factories.planning import context, eur
from tests.factories.plans import compose_plan, good_plan


def test_equal_plans_do_not_differ() -> None:
    assert diff(good_plan(), good_plan()) == ()


def test_dc_07_the_difference_of_a_turn_is_typed() -> None:
    brief = Brief(budget=eur(2_000), moved_steps={"vip.cross_sell": 33}, removed_steps=("vip.thank_you",))
    found = {(each.kind, each.path): each for each in diff(good_plan(), compose_plan(brief, context()))}
    assert found["budget_total", "budget.total"].after == "2,000.00 EUR"
    assert found["step_moved", "vip.cross_sell"].before == "2026-12-31"
    assert found["step_moved", "vip.cross_sell"].after == "2027-01-03"
    assert found["step_removed", "vip.thank_you"].after == ""
    assert ("offer_changed", "first_time.store_credit") in found


def test_taking_it_back_is_the_difference_turned_round() -> None:
    other = compose_plan(Brief(removed_steps=("vip.thank_you",)), context())
    assert [each.kind for each in diff(other, good_plan()) if each.path == "vip.thank_you"] == ["step_added"]


def test_dc_07_differences_are_told_in_both_languages() -> None:
    moved = diff(good_plan(), compose_plan(Brief(moved_steps={"vip.cross_sell": 33}), context()))
    step = next(each for each in moved if each.kind == "step_moved")
    assert describe_difference(step, "en") == "VIP: What goes with it moves from 2026-12-31 to 2027-01-03"
    assert describe_difference(step, "zh") == "VIP: 搭配加购 从 2026-12-31 改到 2027-01-03"


def test_every_kind_has_its_sentences() -> None:
    assert set(SENTENCES) == set(get_args(DifferenceKind))
    assert all(set(words) == {"en", "zh"} for words in SENTENCES.values())
