from typing import get_args

from agent.planning.differences import SENTENCES, DifferenceKind, describe_difference, diff
from agent.planning.wording import BUCKET, OFFER
from memory.domain.brief import Brief
from tests.factories.lessons import a_lesson
from tests.factories.planning import context, eur
from tests.factories.plans import compose_plan, good_context, good_plan


def test_equal_plans_do_not_differ() -> None:
    assert diff(good_plan(), good_plan()) == ()


def test_dc_07_the_difference_of_a_turn_is_typed() -> None:
    brief = Brief(budget=eur(2_000), moved_steps={"vip.cross_sell": 33}, removed_steps=("vip.thank_you",))
    found = {(each.kind, each.path): each for each in diff(good_plan(), compose_plan(brief, context()))}
    assert found["budget_total", "budget.total"].after == "2,000.00 EUR"
    assert found["step_moved", "vip.cross_sell"].before == "2026-12-31"
    assert found["step_moved", "vip.cross_sell"].after == "2027-01-03"
    assert found["step_removed", "vip.thank_you"].after == ""
    assert int(found["offer_most", "first_time.store_credit"].after) < int(
        found["offer_most", "first_time.store_credit"].before
    )
    assert ("offer_dates", "first_time.store_credit") not in found


def test_taking_it_back_is_the_difference_turned_round() -> None:
    other = compose_plan(Brief(removed_steps=("vip.thank_you",)), context())
    assert [each.kind for each in diff(other, good_plan()) if each.path == "vip.thank_you"] == ["step_added"]


def test_dc_07_differences_are_told_in_both_languages() -> None:
    moved = diff(good_plan(), compose_plan(Brief(moved_steps={"vip.cross_sell": 33}), context()))
    step = next(each for each in moved if each.kind == "step_moved")
    assert describe_difference(step, "en") == "VIP: What goes with it moves from 2026-12-31 to 2027-01-03"
    assert describe_difference(step, "zh") == "VIP: 搭配加购 从 2026-12-31 改到 2027-01-03"


def test_dc_07_an_offer_s_difference_names_only_the_term_that_changed() -> None:
    cheaper = diff(good_plan(), compose_plan(Brief(budget=eur(2_000)), context()))
    most = next(each for each in cheaper if each.kind == "offer_most")
    assert (
        describe_difference(most, "en") == f"Offer VIP: review points: at most {most.before} people, now {most.after}"
    )
    assert describe_difference(most, "zh") == (f"优惠 VIP: 评价积分：最多发放人数由 {most.before} 改为 {most.after}")
    line = next(each for each in cheaper if each.kind == "budget_line")
    assert describe_difference(line, "zh").startswith("忠诚计划预算：由 ")


def test_every_offer_of_the_playbook_has_a_name_in_both_languages() -> None:
    assert {offer.id.partition(".")[2] for offer in good_plan().offers} <= set(OFFER)
    assert {line.bucket for line in good_plan().budget.lines} == set(BUCKET)


def test_every_kind_has_its_sentences() -> None:
    assert set(SENTENCES) == set(get_args(DifferenceKind))
    assert all(set(words) == {"en", "zh"} for words in SENTENCES.values())


def test_effects_that_were_measured_since_are_named() -> None:
    known = good_context().model_copy(update={"lessons": (a_lesson(),)})
    [found] = [one for one in diff(good_plan(), compose_plan(Brief(), known)) if one.kind == "effects"]
    said = describe_difference(found)
    assert said.startswith("Effects the plan goes by: assumption:playbook-priors-v1 becomes measured:1 plans")
    assert "变为measured" in describe_difference(found, "zh")
