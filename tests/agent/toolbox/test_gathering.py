"""The tools' aggregates are counted right, and never of so few people that they could point to one."""

from pathlib import Path

import pytest

from agent.planning.contexts import Contexts
from agent.toolbox.gathering import (
    MIN_SUPPORT,
    extras_of,
    gather_extras,
    open_size_of,
    pairs,
    repeat_curve,
    size_of,
)
from memory.domain.segment import AllOf, Bought, Compare, Did, SegmentRule
from tests.factories.facts import Facts, ago
from tests.factories.planning import context
from tests.factories.small_shop import ImportedShop, imported_shop


def bought(facts: Facts, n_people: int, *skus: str) -> None:
    for number in range(n_people):
        facts.order(f"{'-'.join(skus)}{number}", ago(100), *({"sku": sku} for sku in skus))


def test_dc_05_pairs_are_people_who_bought_both(tmp_path: Path) -> None:
    facts = Facts()
    bought(facts, MIN_SUPPORT + 5, "boots", "socks")
    bought(facts, 5, "boots")
    bought(facts, MIN_SUPPORT - 1, "hat", "scarf")
    with facts.open(tmp_path) as view:
        found = pairs(view, context())
    told = {(pair.first_title, pair.second_title): (pair.n_people, pair.confidence_rate) for pair in found}
    assert told == {("boots", "socks"): (15, 0.75), ("socks", "boots"): (15, 1.0)}


def test_s2_13_the_repeat_curve_counts_only_those_whose_window_has_passed(tmp_path: Path) -> None:
    facts = Facts()
    for number in range(20):
        facts.order(f"p{number}", ago(50), {"sku": "boots"})
        if number < 5:
            facts.order(f"p{number}", ago(30), {"sku": "socks"})
    with facts.open(tmp_path) as view:
        curve = repeat_curve(view, context(as_of=ago(0)))
    assert [(point.within_days, point.repeat_rate) for point in curve] == [(7, 0.0), (14, 0.0), (30, 0.25), (45, 0.25)]


@pytest.mark.slow
def test_dc_05_counting_in_open_facts_gives_what_counting_anew_gives(tmp_path: Path) -> None:
    shop = imported_shop(tmp_path, n=120)
    contexts = Contexts(shop.store, shop.lake, shop.clock, keeps_open=True)
    known = context(shop=shop.shop, data_version=_version(shop), as_of=shop.clock.now())
    rules: tuple[SegmentRule, ...] = (
        Compare(attribute="n_orders", test="ge", value=2),
        Did(events=("view",), within_days=200, at_least=1),
        AllOf(of=(Bought(within_days=400, at_least=1), Compare(attribute="consent_email", test="eq", value=True))),
    )
    counted = [open_size_of(contexts, known, rule) for rule in rules]
    assert counted == [size_of(shop.store, shop.lake, known, rule) for rule in rules]
    assert max(counted) > 0
    assert extras_of(contexts, known) == gather_extras(shop.store, shop.lake, known)
    contexts.close()
    shop.store.close()


def _version(shop: ImportedShop) -> int:
    with shop.store.read() as uow:
        return uow.versions.latest().number
