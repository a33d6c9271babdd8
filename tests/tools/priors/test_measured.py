"""Assumed effects are drawn towards measured ones by how sure each is, and by nothing that was not measured."""

import numpy as np
import pytest

from memory.domain.lesson import Exposure, Lesson
from tests.factories.lessons import a_lesson
from tools.priors.effects import Cell, load_effects
from tools.priors.measured import MeasuredEffects, measured_effects

SMALL_SHOP_HALF = 0.08
"""Half an interval of added orders per person where about 400 people are withheld (docs/gym.md)."""
VIP_THANKS = Exposure(cohort="vip", kind="thank_you", planned_rate=1.0, sent_rate=0.5)


def after(*lessons: object) -> MeasuredEffects:
    found = measured_effects(lessons)  # type: ignore[arg-type]
    assert found is not None
    return found


def a_plans_lesson(level: float, luck: float = 0.0) -> tuple[Lesson, dict[Cell, float]]:
    """Give a small shop's lesson where effects are `level` times the assumed ones, and what was sent."""
    rows = tuple(one.model_copy(update={"sent_rate": 0.75}) for one in a_lesson().exposures)
    weights = {(one.cohort, one.kind): one.sent_rate for one in rows}
    true = level * sum(load_effects().get(*cell).mean * rate for cell, rate in weights.items())
    return a_lesson(true + luck * SMALL_SHOP_HALF / 1.96, SMALL_SHOP_HALF, exposures=rows), weights


def test_without_lessons_nothing_is_measured() -> None:
    assert measured_effects(()) is None


def test_a_narrow_interval_moves_what_was_sent_to_what_was_measured() -> None:
    lesson = a_lesson(0.05, 0.001)
    found = after(lesson).claimed({(one.cohort, one.kind): one.sent_rate for one in lesson.exposures})
    assert abs(found.mean - 0.05) < 0.001
    assert found.sd < 0.001


def test_a_wide_interval_changes_little() -> None:
    effect = load_effects().get("vip", "cross_sell")
    sure, unsure = (after(a_lesson(0.05, half)).get("vip", "cross_sell").mean for half in (0.001, 1.0))
    assert effect.mean < unsure < effect.mean * 1.1 < sure
    assert after(a_lesson(0.05, 100.0)).get("vip", "cross_sell").mean == pytest.approx(effect.mean, rel=1e-3)
    assert after(a_lesson(0.05, 100.0)).claimed({("vip", "cross_sell"): 1.0}).mean == pytest.approx(
        effect.mean, rel=1e-3
    )


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
    below, above = (after(a_lesson(middle + apart, 0.03)).claimed(weights) for apart in (-middle, middle))
    assert middle - below.mean == pytest.approx(above.mean - middle, rel=0.01)
    assert below.sd == pytest.approx(above.sd, rel=0.01)
    assert 0 < below.mean < middle


@pytest.mark.parametrize("level", [0.3, 1.0, 3.0])
def test_one_readable_lesson_of_a_small_shop_sets_the_level_and_not_what_was_assumed(level: float) -> None:
    """A doubt of the level as small as the lesson's error drew forecasts halfway back to the assumptions."""
    lesson, weights = a_plans_lesson(level)
    assert after(lesson).claimed(weights).mean == pytest.approx(lesson.orders.estimate, rel=0.1)


def test_choosing_stays_nearer_to_what_was_assumed_than_claiming() -> None:
    """A noisy lesson of nothing holds few messages back, and is told as it is."""
    lesson, weights = a_plans_lesson(0.0)
    found, assumed = after(lesson), sum(load_effects().get(*cell).mean * rate for cell, rate in weights.items())
    chosen_by = sum(found.get(*cell).mean * rate for cell, rate in weights.items())
    assert abs(found.claimed(weights).mean) < 0.05 * assumed < 0.4 * assumed < chosen_by < assumed


@pytest.mark.parametrize("level", [0.3, 1.0, 3.0])
def test_sums_are_right_on_average_and_their_ranges_hold_whatever_the_true_level(level: float) -> None:
    luck = np.random.default_rng(15).normal(size=200)
    lesson, weights = a_plans_lesson(level)
    true, found = lesson.orders.estimate, [after(a_plans_lesson(level, each)[0]).claimed(weights) for each in luck]
    chance = np.std([one.mean for one in found]) / np.sqrt(len(found))
    assert abs(np.mean([one.mean for one in found]) - true) < 0.05 * true + 2 * chance
    assert 0.85 <= np.mean([abs(one.mean - true) < 1.645 * one.sd for one in found]) <= 0.95


def test_doubts_of_what_was_never_sent_are_in_proportion_to_the_measured_level() -> None:
    """Where effects are six times the assumed ones, what nobody measured is nearly six times as doubtful."""
    one = {("vip", "store_credit"): 1.0}
    low, high = (after(a_lesson(0.0084 * level, 0.0005)).claimed(one).sd for level in (1, 6))  # type: ignore[arg-type]
    assert 4.5 < high / low < 6
