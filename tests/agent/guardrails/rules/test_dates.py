from datetime import date, timedelta

from agent.guardrails.rules.dates import RULE
from tests.factories.plans import assert_blocks, edit_journey, edit_step, good_plan


def test_s2_46_a_step_whose_date_does_not_match_its_day_is_blocked() -> None:
    assert_blocks(RULE, edit_step(good_plan(), "vip.cross_sell", due_on=date(2027, 1, 1)), "step_misdated")
    assert_blocks(RULE, edit_step(good_plan(), "vip.cross_sell", phase="lock_in"), "step_misdated")


def test_s2_46_s2_53_phases_are_counted_from_the_anchor() -> None:
    plan = good_plan()
    late = plan.phases[0].model_copy(update={"ends_on": plan.phases[0].ends_on + timedelta(days=1)})
    assert_blocks(RULE, plan.model_copy(update={"phases": (late, *plan.phases[1:])}), "phases_misdated")
    assert_blocks(RULE, plan.model_copy(update={"ends_on": date(2027, 2, 28)}), "phases_misdated")


def test_trap_7_the_plan_has_ninety_days_with_a_review_week() -> None:
    plan = good_plan()
    assert (plan.ends_on - plan.anchor_on).days == 90
    assert [(each.id, (each.starts_on - plan.anchor_on).days) for each in plan.phases][-1] == ("review", 84)


def test_the_anchor_follows_the_peak() -> None:
    plan = good_plan().model_copy(update={"peak_until": good_plan().anchor_on})
    assert_blocks(RULE, plan, "anchor_before_peak_end")


def test_steps_out_of_order_are_blocked() -> None:
    steps = next(journey.steps for journey in good_plan().journeys if journey.cohort == "vip")
    assert_blocks(RULE, edit_journey(good_plan(), "vip", steps=steps[::-1]), "steps_unordered")


def test_an_offer_that_does_not_hold_on_its_step_s_day_is_blocked() -> None:
    plan = edit_step(good_plan(), "vip.cross_sell", offer_id="vip.mission_points")
    assert_blocks(RULE, plan, "offer_not_valid_then")
