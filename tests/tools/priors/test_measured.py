"""Assumed effects are drawn towards measured ones by how sure each is, and by nothing that was not measured."""

import pytest

from memory.domain.lesson import Exposure
from tests.factories.lessons import a_lesson
from tools.priors.effects import load_effects
from tools.priors.measured import MeasuredEffects, measured_effects

VIP_THANKS = Exposure(cohort="vip", kind="thank_you", planned_rate=1.0, sent_rate=0.5)


def after(*lessons: object) -> MeasuredEffects:
    found = measured_effects(lessons)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_without_lessons_nothing_is_measured() -> None:
    assert measured_effects(()) is None


def test_a_narrow_interval_moves_what_was_sent_to_what_was_measured() -> None:
    lesson = a_lesson(0.05, 0.001)
    found = after(lesson).total({(one.cohort, one.kind): one.sent_rate for one in lesson.exposures})
    assert abs(found.mean - 0.05) < 0.001
    assert found.sd < 0.001


def test_a_wide_interval_changes_little() -> None:
    effect = load_effects().get("vip", "cross_sell")
    sure, unsure = (after(a_lesson(0.05, half)).get("vip", "cross_sell").mean for half in (0.001, 1.0))
    assert effect.mean < unsure < effect.mean * 1.1 < sure
    assert after(a_lesson(0.05, 100.0)).get("vip", "cross_sell").mean == pytest.approx(effect.mean, rel=1e-3)


def test_what_was_never_sent_learns_only_what_all_have_in_common() -> None:
    assumed, found = load_effects().get("vip", "store_credit"), after(a_lesson(0.05, 0.001)).get("vip", "store_credit")
    assert found.mean > assumed.mean
    told = after(a_lesson(0.05, 0.001)).get("vip", "cross_sell")
    assert told.sd / load_effects().get("vip", "cross_sell").sd < found.sd / assumed.sd, "it stays less sure"


def test_a_harmful_lift_makes_effects_negative() -> None:
    assert after(a_lesson(-0.05, 0.001)).get("vip", "cross_sell").mean < 0


def test_a_lift_of_nothing_makes_effects_small_rather_than_negative() -> None:
    assumed, found = load_effects().get("vip", "cross_sell"), after(a_lesson(0.0, 0.01)).get("vip", "cross_sell")
    assert 0 < found.mean < assumed.mean / 2


def test_the_order_of_lessons_does_not_matter() -> None:
    first, second = a_lesson(0.05), a_lesson(0.02, plan_id="b" * 64)
    assert after(first, second).get("vip", "thank_you") == after(second, first).get("vip", "thank_you")
    assert after(first, second).n_plans == 2


def test_a_plan_teaches_by_cohort_only_where_every_cohort_was_read() -> None:
    whole = a_lesson(0.02, 0.001)
    cohorts = [
        a_lesson(0.04, 0.001, scope="cohort", part_id=name,
                 exposures=tuple(one for one in whole.exposures if one.cohort == name))
        for name in ("vip", "reactivated", "discount_sensitive", "first_time")
    ]  # fmt: skip
    assert after(whole, *cohorts[:3]).lessons == (whole,)
    assert set(after(whole, *cohorts).lessons) == set(cohorts)
    part = a_lesson(0.01, scope="step", part_id="vip.thank_you", exposures=(VIP_THANKS,))
    assert set(after(whole, part).lessons) == {whole, part}


def test_a_lesson_of_another_window_is_told_and_moves_nothing() -> None:
    assert measured_effects([a_lesson(within_days=30)]) is None


def test_the_share_that_left_is_read_of_kind_and_cohort_then_kind_then_all() -> None:
    never = Exposure(cohort="vip", kind="price_drop", planned_rate=0.5, sent_rate=0.0)
    found = after(a_lesson(exposures=(VIP_THANKS, never)))
    assert found.sent_rate("vip", "thank_you") == found.sent_rate("first_time", "thank_you") == 0.5
    assert found.sent_rate("vip", "price_drop") == 0.0
    assert found.sent_rate("vip", "store_credit") == 0.5 / 1.5


def test_a_lesson_of_bad_luck_is_weighed_by_its_own_error_as_one_of_good_luck_is() -> None:
    """Two lessons equally sure and as far below as above what is expected move an effect equally far."""
    weights = {(one.cohort, one.kind): one.sent_rate for one in a_lesson(0.0, 0.03).exposures}
    middle = sum(load_effects().get(*cell).mean * rate for cell, rate in weights.items())
    below, above = (after(a_lesson(middle + apart, 0.03)).total(weights) for apart in (-middle, middle))
    assert middle - below.mean == pytest.approx(above.mean - middle)
    assert below.sd == pytest.approx(above.sd)
    assert 0 < below.mean < middle
