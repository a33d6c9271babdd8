"""S1-21: points per spend, in two entries each; refunds take back, the oldest expire first."""

from pathlib import Path

import pytest

from memory.domain.loyalty import EarnRate
from tests.factories.facts import SHOP, Facts
from tools.loyalty import books
from tools.loyalty.earning import n_without_rate

from .programme import AS_OF, a_programme, at, joined, moves, spent, terms

pytestmark = pytest.mark.slow


@pytest.fixture
def facts() -> Facts:
    found = Facts()
    joined(found, "ann", "bob")
    return found


def test_s1_21_members_earn_per_euro_and_per_dollar_rounded_down_over_the_order(facts: Facts, tmp_path: Path) -> None:
    facts.order("ann", at(2), subtotal_minor=4999, shipping_minor=900, tax_minor=900)
    facts.order("ann", at(3), subtotal_minor=4999, currency="USD")
    facts.order("ann", at(4), subtotal_minor=5000, currency="CHF")
    facts.order("stranger", at(2))
    facts.order("bob", at(2), is_paid=False)
    assert moves(facts, tmp_path) == [("ann", "earned", 49), ("ann", "earned", 99)]
    with facts.open(tmp_path / "again") as view:
        assert n_without_rate(view, SHOP, terms(), AS_OF) == 1


def test_s1_21_a_part_refund_takes_its_part_back_and_a_cancellation_all(facts: Facts, tmp_path: Path) -> None:
    facts.order("ann", at(2), subtotal_minor=10_000, refunded_minor=2_550, arrived_at=at(20))
    facts.order("bob", at(2), subtotal_minor=10_000, is_cancelled=True, arrived_at=at(5))
    assert moves(facts, tmp_path) == [
        ("ann", "earned", 100), ("ann", "clawed_back", -26), ("bob", "earned", 100), ("bob", "clawed_back", -100),
    ]  # fmt: skip


def test_s1_21_only_orders_while_a_member_earn(facts: Facts, tmp_path: Path) -> None:
    joined(facts, "cay", on=at(5))
    joined(facts, "cay", on=at(9), is_member=False)
    for day in (4, 5, 8, 9):
        facts.order("cay", at(day), subtotal_minor=1000 * day)
    assert moves(facts, tmp_path) == [("cay", "earned", 50), ("cay", "earned", 80)]


def test_s1_21_the_oldest_points_expire_first_and_what_was_redeemed_does_not(facts: Facts, tmp_path: Path) -> None:
    facts.order("ann", at(1, year=2026), subtotal_minor=10_000)
    facts.order("ann", at(1, 2, 2026), subtotal_minor=5_000)
    facts.order("ann", at(1, 2, 2027), subtotal_minor=1_000)
    redeemed = ("ann", 70, at(1, 6, 2026))
    assert moves(facts, tmp_path, redeemed) == [
        ("ann", "earned", 100), ("ann", "earned", 50), ("ann", "redeemed", -70),
        ("ann", "expired", -30), ("ann", "earned", 10), ("ann", "expired", -50),
    ]  # fmt: skip


def test_s1_21_members_are_warned_of_what_expires_soon(facts: Facts, tmp_path: Path) -> None:
    facts.order("ann", at(10, 3, 2026), subtotal_minor=8_000)
    facts.order("ann", at(10, 5, 2026), subtotal_minor=4_000)
    with facts.open(tmp_path) as view:
        found = books(view, SHOP, terms(), spent(("ann", 30, at(5))), AS_OF)
        assert found.warned(AS_OF, 30).to_pyarrow().to_pylist() == [
            {"person_id": "ann", "points": 50, "first_at": at(10, 3)}
        ]
        assert found.warned(AS_OF, 5).to_pyarrow().to_pylist() == []
        assert found.balances().to_pyarrow().to_pylist() == [{"person_id": "ann", "points": 90}]


def test_s1_21_a_new_programme_leaves_what_was_earned_before(facts: Facts, tmp_path: Path) -> None:
    for day in (9, 10):
        facts.order("ann", at(day), subtotal_minor=10_000)
    later = a_programme(starts_on=at(10).date(), earn=(EarnRate(currency="EUR", points=3, per_minor=100),))
    assert moves(facts, tmp_path, by=terms(a_programme(), later)) == [("ann", "earned", 100), ("ann", "earned", 300)]


def test_s1_21_two_accounts_of_one_person_have_one_balance(facts: Facts, tmp_path: Path) -> None:
    facts.order("ann", at(2), subtotal_minor=10_000)
    facts.order("ann2", at(3), subtotal_minor=5_000)
    joined(facts, "ann2")
    found = moves(facts, tmp_path, ("ann2", 120, at(4)), identities=(("ann2", "ann"),))
    assert found == [("ann", "earned", 100), ("ann", "earned", 50), ("ann", "redeemed", -120)]


def test_s1_21_every_movement_is_two_entries_that_cancel_out(facts: Facts, tmp_path: Path) -> None:
    facts.order("ann", at(1, year=2026), subtotal_minor=10_000, refunded_minor=1_000)
    facts.order("bob", at(2), subtotal_minor=5_000)
    with facts.open(tmp_path) as view:
        found = books(view, SHOP, terms(), spent(("ann", 20, at(5, year=2026))), AS_OF)
        entries = found.entries().to_pyarrow().to_pylist()
    by_movement: dict[str, list[int]] = {}
    by_account: dict[str, int] = {}
    for row in entries:
        by_movement.setdefault(row["movement_id"], []).append(row["points"])
        by_account[row["account"]] = by_account.get(row["account"], 0) + row["points"]
    assert all(len(pair) == 2 and sum(pair) == 0 for pair in by_movement.values())
    assert by_account == {
        "member:ann": 0, "member:bob": 50,
        "shop:issued": -150, "shop:taken_back": 10, "shop:redeemed": 20, "shop:expired": 70,
    }  # fmt: skip
