from datetime import datetime
from pathlib import Path

import pytest

from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.profile import build_profiles
from tools.segments import category_explorer, describe, select

pytestmark = pytest.mark.slow


def explorers(facts: Facts, root: Path, as_of: datetime = AS_OF) -> set[str]:
    with facts.open(root) as view:
        profiles = build_profiles(view, SHOP, as_of)
        found = select(category_explorer("running").rule, profiles, view, as_of, SHOP.zone).to_pyarrow()
    return set(found["person_id"].to_pylist())


def interactions(facts: Facts, person: str, n: int, category: str = "running") -> None:
    for number in range(n):
        facts.event(person, ago(10 + number), ("view", "cart", "mail_click")[number % 3], category=category)


def test_s2_13_five_interactions_and_no_purchase_in_the_category(tmp_path: Path) -> None:
    facts = Facts()
    interactions(facts, "five", 5)
    interactions(facts, "four", 4)
    interactions(facts, "bought", 7)
    facts.order("bought", ago(400), {"category": "running"})
    interactions(facts, "bought_other", 5)
    facts.order("bought_other", ago(5), {"category": "socks"})
    interactions(facts, "other", 5, "socks")
    interactions(facts, "cancelled", 5)
    facts.order("cancelled", ago(5), {"category": "running"}, is_cancelled=True)
    facts.event("machine", ago(5), "mail_click", category="running", is_machine=True)
    interactions(facts, "machine", 4)
    assert explorers(facts, tmp_path) == {"five", "bought_other", "cancelled"}


def test_s2_13_leaves_on_purchase(tmp_path: Path) -> None:
    facts = Facts()
    interactions(facts, "ann", 5)
    facts.order("ann", ago(2), {"category": "running"})
    assert explorers(facts, tmp_path / "before", ago(2, 1)) == {"ann"}
    assert explorers(facts, tmp_path / "after", ago(2)) == set()


def test_s2_13_the_template_says_itself_in_both_languages() -> None:
    segment = category_explorer("跑步")
    assert segment.title["zh"] == "跑步品类探索者"
    assert "至少5次，且在“跑步”品类从未下单" in describe(segment.rule, "zh")
    assert 'at least 5 times in the category "跑步" and never ordered' in describe(segment.rule, "en")
