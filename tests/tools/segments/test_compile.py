from collections.abc import Iterator
from pathlib import Path

import ibis.expr.types as ir
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.domain.segment import AllOf, Bought, Compare, Did, NotOf, SegmentRule
from memory.lake.view import LakeView
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tests.tools.segments.naive import World, holds
from tests.tools.segments.rules import RULES, small_shop
from tools.profile import build_profiles
from tools.segments import compile_rule, flag, select

pytestmark = pytest.mark.slow

Shop = tuple[LakeView, ir.Table, World]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with small_shop(tmp_path_factory.mktemp("lake")) as opened:
        yield opened


@settings(max_examples=25)
@given(rules=st.lists(RULES, min_size=1, max_size=8))
def test_compiled_rules_agree_with_a_plain_evaluator(rules: list[SegmentRule], shop: Shop) -> None:
    view, profiles, world = shop
    named = {f"rule_{number}": rule for number, rule in enumerate(rules)}
    table = flag(named, profiles, view, AS_OF, SHOP.zone).to_pyarrow()
    for row in table.select(["person_id", *named]).to_pylist():
        expected = {name: holds(rule, row["person_id"], world) for name, rule in named.items()}
        assert {name: row[name] for name in named} == expected


@settings(max_examples=8)
@given(rule=RULES)
def test_a_rule_as_a_condition_selects_the_same_people(rule: SegmentRule, shop: Shop) -> None:
    view, profiles, world = shop
    chosen = select(rule, profiles, view, AS_OF, SHOP.zone)
    filtered = profiles.filter(compile_rule(rule, profiles, view, AS_OF, SHOP.zone))
    expected = {person for person in world.profiles if holds(rule, person, world)}
    assert chosen.columns == profiles.columns
    assert set(chosen.to_pyarrow()["person_id"].to_pylist()) == expected
    assert set(filtered.to_pyarrow()["person_id"].to_pylist()) == expected


def test_a_missing_attribute_never_matches_and_its_negation_does(shop: Shop) -> None:
    view, profiles, _world = shop
    differs = Compare(attribute="market", test="ne", value="DE")
    found = flag({"a": differs, "b": NotOf(of=differs)}, profiles, view, AS_OF, SHOP.zone).to_pyarrow().to_pylist()
    without = [row for row in found if row["market"] is None]
    assert without
    assert all((row["a"], row["b"]) == (False, True) for row in without)


def test_windows_begin_after_so_many_days_and_end_now(tmp_path: Path) -> None:
    facts = Facts()
    facts.event("edge", ago(30))
    facts.event("inside", ago(30, -1))
    facts.event("now", AS_OF)
    facts.event("later", ago(0, -1))
    facts.consent("later", ago(3))
    rule = Did(events=("view",), within_days=30)
    with facts.open(tmp_path) as view:
        found = select(rule, build_profiles(view, SHOP, AS_OF), view, AS_OF, SHOP.zone).to_pyarrow()
    assert set(found["person_id"].to_pylist()) == {"inside", "now"}


def test_a_category_is_taken_from_the_catalogue_where_the_event_names_only_the_article(tmp_path: Path) -> None:
    facts = Facts()
    facts.add("products", ago(90), sku="shoe", category="running")
    facts.event("ann", ago(3), sku="shoe")
    facts.event("ben", ago(3), sku="hat")
    rule = AllOf(of=(Did(events=("view",), category="running"), Bought(at_most=0)))
    with facts.open(tmp_path) as view:
        found = select(rule, build_profiles(view, SHOP, AS_OF), view, AS_OF, SHOP.zone).to_pyarrow()
    assert found["person_id"].to_pylist() == ["ann"]
