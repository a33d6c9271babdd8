from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.domain.cohort import COHORTS
from tests.factories.facts import SHOP, Facts
from tools.cohorts import Thresholds, assign_cohorts, bfcm

pytestmark = pytest.mark.slow

PEAK = bfcm(2025)
AS_OF = PEAK.ends_at(SHOP.zone)
IN_PEAK = datetime(2025, 11, 29, 12, tzinfo=UTC)


def before(days: int) -> datetime:
    return PEAK.begins_at(SHOP.zone) - timedelta(days=days)


def cohorts(facts: Facts, root: Path, **more: Any) -> dict[str, str]:
    with facts.open(root) as view:
        table = assign_cohorts(view, SHOP, PEAK.from_on, PEAK.until_on, AS_OF, **more).to_pyarrow()
    assert len(set(table["person_id"].to_pylist())) == table.num_rows
    return dict(zip(table["person_id"].to_pylist(), table["cohort"].to_pylist(), strict=True))


def test_s2_38_each_peak_buyer_is_in_the_first_cohort_whose_rule_holds(tmp_path: Path) -> None:
    facts = Facts()
    deep = {"subtotal_minor": 3000, "discount_minor": 2000}
    for days in (300, 200, 20):
        facts.order("vip", before(days), subtotal_minor=90_000)
    facts.order("dormant", before(181), **deep)
    facts.order("returning", before(30))
    facts.order("bargain", before(30), **deep)
    for name in ("vip", "dormant", "returning", "new"):
        facts.order(name, IN_PEAK)
    facts.order("dormant", IN_PEAK, **deep)
    facts.order("bargain", IN_PEAK, **deep)
    facts.order("new_bargain", IN_PEAK, **deep)
    facts.order("elsewhere", before(1), subtotal_minor=100)
    facts.order("after", AS_OF)
    assert cohorts(facts, tmp_path) == {
        "vip": "vip",
        "dormant": "reactivated",
        "returning": "reactivated",
        "bargain": "discount_sensitive",
        "new_bargain": "discount_sensitive",
        "new": "first_time",
    }


def test_s2_38_a_vip_who_had_been_dormant_stays_a_vip(tmp_path: Path) -> None:
    facts = Facts()
    for days in (400, 300):
        facts.order("vip", before(days), subtotal_minor=90_000)
    facts.order("vip", IN_PEAK)
    for number in range(4):
        facts.order(f"small{number}", IN_PEAK, subtotal_minor=100)
    assert cohorts(facts, tmp_path)["vip"] == "vip"
    assert cohorts(facts, tmp_path / "2", thresholds=Thresholds(vip_min_orders=4))["vip"] == "reactivated"


ORDERS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.integers(min_value=-400 * 24, max_value=6 * 24),
        st.integers(min_value=0, max_value=9000),
        st.integers(min_value=0, max_value=9000),
        st.booleans(),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=15)
@given(orders=ORDERS)
def test_s2_38_the_cohorts_are_exclusive_and_cover_every_buyer(orders: list[Any], tmp_path_factory: Any) -> None:
    facts = Facts()
    buyers = set()
    for person, hours, subtotal, discount, is_cancelled in orders:
        at = PEAK.begins_at(SHOP.zone).astimezone(UTC) + timedelta(hours=hours)
        facts.order(person, at, subtotal_minor=subtotal, discount_minor=discount, is_cancelled=is_cancelled)
        if PEAK.begins_at(SHOP.zone) <= at < PEAK.ends_at(SHOP.zone) and not is_cancelled:
            buyers.add(person)
    found = cohorts(facts, tmp_path_factory.mktemp("lake"))
    assert set(found) == buyers
    assert set(found.values()) <= set(COHORTS)


def test_precedence_is_the_order_of_the_language(tmp_path: Path) -> None:
    from tools.cohorts import bfcm_rules

    assert tuple(name for name, _ in bfcm_rules(PEAK)) == COHORTS
    assert date(2025, 11, 28) == PEAK.from_on
