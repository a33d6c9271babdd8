"""Context attributes are what their definitions say, and rules may compare them."""

from pathlib import Path

import pytest

from memory.domain.profile import ATTRIBUTES
from memory.domain.segment import Compare
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.profile import build_profiles
from tools.segments import select
from tools.segments.context import CONTEXT_ATTRIBUTES

pytestmark = pytest.mark.slow


def test_s2_08_each_of_the_four_is_defined_with_origin_and_freshness() -> None:
    assert [one.context for one in CONTEXT_ATTRIBUTES] == ["price_sensitivity", "stock_state", "category", "device"]
    for one in CONTEXT_ATTRIBUTES:
        assert one.attribute in ATTRIBUTES
        assert set(one.definition) == set(one.freshness) == {"en", "zh"}
        assert one.facts


def the_shop() -> Facts:
    facts = Facts()
    for number, sku in enumerate(("r1", "r2", "r3", "unknown")):
        facts.add("products", ago(99), sku=sku, category="running")
        if sku != "unknown":
            facts.add("stock", ago(50), sku=sku, quantity=5 * number)
    facts.add("stock", ago(5), sku="r2", quantity=0)
    facts.order("saver", ago(40), {"sku": "r1"}, subtotal_minor=7000, discount_minor=3000)
    facts.order("saver", ago(30), {"sku": "r1"}, subtotal_minor=5000)
    facts.order("full", ago(30), {"sku": "x", "category": "socks"}, subtotal_minor=5000)
    facts.event("saver", ago(3), "view", device="app")
    facts.event("looker", ago(3), "view", device="mobile")
    return facts


def test_s2_08_all_four_follow_from_the_facts(tmp_path: Path) -> None:
    with the_shop().open(tmp_path) as view:
        rows = {row["person_id"]: row for row in build_profiles(view, SHOP, AS_OF).to_pyarrow().to_pylist()}
    saver, full, looker = rows["saver"], rows["full"], rows["looker"]
    depth = min(saver["discount_depth_rate"] / 0.30, 1.0)
    assert 0 < depth <= 1
    assert saver["price_sensitivity_rate"] == pytest.approx((0.5 + depth) / 2)
    assert full["price_sensitivity_rate"] == 0
    assert looker["price_sensitivity_rate"] is None
    assert saver["top_category_in_stock_share"] == pytest.approx(1 / 3)
    assert full["top_category_in_stock_share"] is None
    assert (saver["top_category"], saver["device"], looker["device"]) == ("running", "app", "mobile")


def test_s2_08_stock_is_as_fresh_as_its_newest_figure(tmp_path: Path) -> None:
    with the_shop().open(tmp_path) as view:
        before = build_profiles(view, SHOP, ago(6)).to_pyarrow().to_pylist()
    share = next(row["top_category_in_stock_share"] for row in before if row["person_id"] == "saver")
    assert share == pytest.approx(2 / 3)


def test_s2_08_a_rule_may_compare_them(tmp_path: Path) -> None:
    rule = Compare(attribute="price_sensitivity_rate", test="ge", value=0.4)
    with the_shop().open(tmp_path) as view:
        found = select(rule, build_profiles(view, SHOP, AS_OF), view, AS_OF, SHOP.zone).to_pyarrow()
    assert found["person_id"].to_pylist() == ["saver"]
