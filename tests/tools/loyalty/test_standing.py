"""S1-22: bronze, silver, gold, diamond by spend or by orders; each threshold is reached by meeting it."""

from pathlib import Path

import pytest

from memory.domain.loyalty import TierBasis, TierRule
from tests.factories.facts import SHOP, Facts
from tools.loyalty import standings

from .programme import AS_OF, a_programme, at, joined, moves, terms, tiers

pytestmark = pytest.mark.slow
NAMES = tuple(tier.id for tier in tiers())


def tier_of(facts: Facts, root: Path, rule: TierRule, identities: tuple[tuple[str, str], ...] = ()) -> dict[str, str]:
    with facts.open(root, identities) as view:
        rows = standings(view, SHOP, rule, AS_OF).to_pyarrow().to_pylist()
    return {row["person_id"]: rule.tiers[row["tier_no"]].id for row in rows}


def rule(basis: TierBasis, window_days: int | None = None) -> TierRule:
    return TierRule(basis=basis, window_days=window_days, tiers=tiers())


def test_s1_22_each_threshold_of_spend_is_reached_to_the_cent(tmp_path: Path) -> None:
    facts, sums = Facts(), {}
    for tier in tiers():
        for name, minor in (("below", tier.min_spend_minor - 1), ("at", tier.min_spend_minor)):
            sums[f"{tier.id}-{name}"] = minor
    for person, minor in sums.items():
        joined(facts, person)
        if minor > 0:
            facts.order(person, at(5), subtotal_minor=minor, shipping_minor=900, tax_minor=900)
    found = tier_of(facts, tmp_path, rule("spend"))
    assert found == {
        "bronze-below": "bronze", "bronze-at": "bronze", "silver-below": "bronze", "silver-at": "silver",
        "gold-below": "silver", "gold-at": "gold", "diamond-below": "gold", "diamond-at": "diamond",
    }  # fmt: skip


def test_s1_22_each_threshold_of_orders_is_reached_by_the_last_order(tmp_path: Path) -> None:
    facts, expected = Facts(), {}
    for number, tier in enumerate(tiers()[1:], 1):
        for short, name in ((1, NAMES[number - 1]), (0, tier.id)):
            person = f"{tier.id}-{short}"
            joined(facts, person)
            expected[person] = name
            for day in range(tier.min_orders - short):
                facts.order(person, at(1 + day), subtotal_minor=100)
    assert tier_of(facts, tmp_path, rule("orders")) == expected


def test_s1_22_either_basis_takes_whichever_reaches_further(tmp_path: Path) -> None:
    facts = Facts()
    joined(facts, "spender", "regular", "new")
    facts.order("spender", at(5), subtotal_minor=100_000)
    for day in range(5):
        facts.order("regular", at(1 + day), subtotal_minor=100)
    assert tier_of(facts, tmp_path / "a", rule("either")) == {"spender": "diamond", "regular": "gold", "new": "bronze"}
    assert tier_of(facts, tmp_path / "b", rule("spend"))["regular"] == "bronze"
    assert tier_of(facts, tmp_path / "c", rule("orders"))["spender"] == "bronze"


def test_s1_22_an_order_lifts_at_once_and_a_refund_lowers_at_once(tmp_path: Path) -> None:
    facts = Facts()
    joined(facts, "ann")
    first = facts.order("ann", at(5), subtotal_minor=29_999)
    assert tier_of(facts, tmp_path / "a", rule("spend")) == {"ann": "silver"}
    facts.order("ann", at(6), subtotal_minor=1)
    assert tier_of(facts, tmp_path / "b", rule("spend")) == {"ann": "gold"}
    first["refunded_minor"] = 1
    assert tier_of(facts, tmp_path / "c", rule("spend")) == {"ann": "silver"}
    first["is_cancelled"] = True
    assert tier_of(facts, tmp_path / "d", rule("spend")) == {"ann": "bronze"}


def test_s1_22_only_the_windows_orders_count_and_two_accounts_are_one_member(tmp_path: Path) -> None:
    facts = Facts()
    joined(facts, "ann")
    facts.order("ann", at(1, year=2026), subtotal_minor=10_000)
    facts.order("ann2", at(5), subtotal_minor=10_000)
    assert tier_of(facts, tmp_path / "a", rule("spend"), (("ann2", "ann"),)) == {"ann": "silver"}
    assert tier_of(facts, tmp_path / "b", rule("orders"), (("ann2", "ann"),)) == {"ann": "silver"}
    assert tier_of(facts, tmp_path / "c", rule("orders", 365), (("ann2", "ann"),)) == {"ann": "bronze"}


def test_s1_22_who_left_has_no_tier(tmp_path: Path) -> None:
    facts = Facts()
    joined(facts, "ann", "bob")
    joined(facts, "bob", on=at(9), is_member=False)
    joined(facts, "ann", on=at(9), is_member=False)
    joined(facts, "ann", on=at(10))
    assert tier_of(facts, tmp_path, rule("either")) == {"ann": "bronze"}


@pytest.mark.parametrize("window_days", [None, 60])
def test_s1_23_the_multiplier_of_the_tier_before_an_order_multiplies_its_points(
    tmp_path: Path, window_days: int | None
) -> None:
    """The second order is placed as a bronze member and lifts to gold; the third earns half as much again."""
    facts = Facts()
    joined(facts, "ann")
    for day, minor in ((5, 10_000), (6, 20_000), (7, 10_100)):
        facts.order("ann", at(day), subtotal_minor=minor)
    by = terms(a_programme(tier_rule=TierRule(basis="spend", window_days=window_days, tiers=tiers(150))))
    assert moves(facts, tmp_path, by=by) == [("ann", "earned", 100), ("ann", "earned", 200), ("ann", "earned", 151)]


def test_s1_23_orders_of_long_ago_multiply_nothing_within_a_window(tmp_path: Path) -> None:
    facts = Facts()
    joined(facts, "ann")
    for day, month in ((5, 1), (6, 1), (7, 6)):
        facts.order("ann", at(day, month, 2026), subtotal_minor=30_000)
    by = terms(a_programme(tier_rule=TierRule(basis="spend", window_days=60, tiers=tiers(200))))
    assert [points for _, _, points in moves(facts, tmp_path, by=by, as_of=at(1, 7, 2026))] == [300, 600, 300]


def test_s1_23_what_was_bought_before_joining_lifts_too(tmp_path: Path) -> None:
    facts = Facts()
    joined(facts, "ann", on=at(6))
    for day in (5, 7):
        facts.order("ann", at(day), subtotal_minor=30_000)
    by = terms(a_programme(tier_rule=TierRule(basis="spend", tiers=tiers(200))))
    assert moves(facts, tmp_path, by=by) == [("ann", "earned", 600)]
