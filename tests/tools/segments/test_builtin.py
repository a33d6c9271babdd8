from pathlib import Path

import pytest

from memory.domain.errors import NotFound
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.profile import build_profiles
from tools.segments import builtin_segment, builtin_segments, describe, flag
from tools.segments.builtin import LIBRARY


def test_each_file_of_the_library_is_one_segment_with_both_titles() -> None:
    segments = builtin_segments()
    assert [segment.id for segment in segments] == [path.stem for path in sorted(LIBRARY.glob("*.yaml"))]
    assert len(segments) >= 12
    for segment in segments:
        assert set(segment.title) == {"en", "zh"}
        assert describe(segment.rule, "zh") != describe(segment.rule, "en")


def test_an_unknown_segment_is_not_found() -> None:
    with pytest.raises(NotFound, match="no segment nobody"):
        builtin_segment("nobody")


def test_the_built_in_segments_hold_whom_they_name(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("silent", ago(200), subtotal_minor=90_000)
    facts.order("due", ago(20), is_referred=True)
    facts.event("due", ago(15), "delivery", value=2.0)
    facts.event("due", ago(10), "review", value=5.0)
    facts.event("cart", ago(3), "cart")
    facts.consent("cart", ago(3), "push")
    rules = {segment.id: segment.rule for segment in builtin_segments()}
    with facts.open(tmp_path) as view:
        table = flag(rules, build_profiles(view, SHOP, AS_OF), view, AS_OF, SHOP.zone).to_pyarrow()
    found = {row["person_id"]: {name for name in rules if row[name]} for row in table.to_pylist()}
    assert {"dormant", "one_time_buyers", "unreachable"} <= found["silent"]
    assert {"second_order_due", "late_delivery", "reviewers", "referred", "unreachable"} <= found["due"]
    assert found["cart"] == {"cart_abandoners", "engaged_without_order"}
