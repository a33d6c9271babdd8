from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from memory.domain.cohort import COHORTS
from tests.factories.facts import SHOP, Facts
from tools.cohorts import bfcm, cohort_facts

pytestmark = pytest.mark.slow

PEAK = bfcm(2025)
AS_OF = PEAK.ends_at(SHOP.zone)
IN_PEAK = datetime(2025, 11, 29, 12, tzinfo=UTC)


def test_sizes_reach_and_basket_are_those_counted_by_hand(tmp_path: Path) -> None:
    facts = Facts()
    for number, subtotal in enumerate((1000, 2000, 9000)):
        facts.order(f"new{number}", IN_PEAK, subtotal_minor=subtotal)
    facts.consent("new0", IN_PEAK)
    facts.consent("new0", IN_PEAK, "sms")
    facts.consent("new1", IN_PEAK, "push")
    facts.consent("new2", IN_PEAK, is_suppressed=True)
    with facts.open(tmp_path) as view:
        found = {cohort.id: cohort for cohort in cohort_facts(view, SHOP, PEAK.from_on, PEAK.until_on, AS_OF)}
    assert tuple(found) == COHORTS
    new = found["first_time"]
    assert (new.n_people, new.n_reachable, new.median_basket_minor) == (3, 2, 2000)
    assert new.reachable_by_channel == {"email": 1, "sms": 1, "push": 1}
    assert new.expected_repeat_rate is None
    assert (found["vip"].n_people, found["vip"].median_basket_minor) == (0, 0)


def _a_peak_before(n_people: int, n_back: int) -> Facts:
    facts = Facts()
    before = bfcm(2024)
    facts.order("founder", before.begins_at(SHOP.zone) - timedelta(days=30))
    for number in range(n_people):
        facts.order(f"p{number}", before.begins_at(SHOP.zone) + timedelta(hours=3))
        if number < n_back:
            facts.order(f"p{number}", before.ends_at(SHOP.zone) + timedelta(days=89))
    facts.order("late", before.begins_at(SHOP.zone))
    facts.order("late", before.ends_at(SHOP.zone) + timedelta(days=90))
    return facts


def test_expected_repeat_rate_is_what_the_cohort_of_the_peak_before_did(tmp_path: Path) -> None:
    with _a_peak_before(39, 10).open(tmp_path) as view:
        found = {cohort.id: cohort for cohort in cohort_facts(view, SHOP, PEAK.from_on, PEAK.until_on, AS_OF)}
    assert found["first_time"].expected_repeat_rate == 0.25
    assert found["vip"].expected_repeat_rate is None


def test_orders_that_end_inside_the_window_give_no_rate(tmp_path: Path) -> None:
    facts = _a_peak_before(39, 10)
    ends = bfcm(2024).ends_at(SHOP.zone) + timedelta(days=89, hours=1)
    facts.rows["orders"] = [order for order in facts.rows["orders"] if order["event_at"] < ends]
    with facts.open(tmp_path) as view:
        found = cohort_facts(view, SHOP, PEAK.from_on, PEAK.until_on, AS_OF)
    assert all(cohort.expected_repeat_rate is None for cohort in found)


def test_too_few_people_or_an_open_window_give_no_rate(tmp_path: Path) -> None:
    with _a_peak_before(20, 10).open(tmp_path / "few") as view:
        assert all(c.expected_repeat_rate is None for c in cohort_facts(view, SHOP, PEAK.from_on, PEAK.until_on, AS_OF))
    soon = bfcm(2024).ends_at(SHOP.zone) + timedelta(days=30)
    with _a_peak_before(39, 10).open(tmp_path / "open") as view:
        facts = cohort_facts(view, SHOP, PEAK.from_on, PEAK.until_on, soon)
    assert all(cohort.expected_repeat_rate is None for cohort in facts)
