"""Share and be rewarded: ten of the market's money or points, to the one who shares, after the return window."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from memory.domain.money import Money
from memory.domain.thanks import ShareReward
from tests.factories.facts import SHOP, Facts
from tools.offers.earned.shares import shares_earned
from tools.outcomes import OutcomeWindow

from .january import AS_OF, at

pytestmark = pytest.mark.slow
REWARDS = {
    "DE": ShareReward(amount=Money(amount_minor=1000, currency="EUR")),
    "CN": ShareReward(amount=Money(amount_minor=1000, currency="CNY")),
    "JP": ShareReward(points=100),
}
WINDOW = OutcomeWindow(starts_at=at(1), ends_at=AS_OF)


def shares(facts: Facts, root: Path, as_of: Any = AS_OF, identities: tuple[tuple[str, str], ...] = ()) -> list[Any]:
    with facts.open(root, identities) as view:
        found = shares_earned(view, SHOP, REWARDS, 14, WINDOW, as_of)
        rows: list[Any] = found.order_by("person_id", "friend_id").to_pyarrow().to_pylist()
    return rows


@pytest.fixture
def facts() -> Facts:
    """Ann recommends the shop to Bob, who orders on the sixth."""
    found = Facts()
    found.referral("ann", "bob", at(4))
    return found


def test_s1_12_the_referrer_alone_gets_ten_once_the_friend_s_return_window_is_over(
    facts: Facts, tmp_path: Path
) -> None:
    facts.order("bob", at(6), subtotal_minor=3000)
    assert shares(facts, tmp_path) == [
        {
            "person_id": "ann", "friend_id": "bob", "market": "DE", "amount_minor": 1000, "currency": "EUR",
            "points": None, "ordered_at": at(6), "granted_at": at(20), "status": "earned", "reason": "",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(("minutes", "status"), [(-1, "waiting"), (0, "earned")])
def test_s1_12_nothing_is_granted_while_the_order_may_be_sent_back(
    facts: Facts, tmp_path: Path, minutes: int, status: str
) -> None:
    facts.order("bob", at(6), subtotal_minor=3000)
    (row,) = shares(facts, tmp_path, as_of=at(20) + timedelta(minutes=minutes))
    assert (row["status"], row["granted_at"]) == (status, at(20))


def test_s1_12_an_order_that_is_not_paid_earns_nothing(facts: Facts, tmp_path: Path) -> None:
    facts.order("bob", at(6), subtotal_minor=3000, is_paid=False)
    assert shares(facts, tmp_path) == []


@pytest.mark.parametrize(
    ("change", "reason"), [({"refunded_minor": 3000}, "refunded"), ({"is_cancelled": True}, "cancelled")]
)
def test_s1_12_an_order_sent_back_or_cancelled_earns_nothing(
    facts: Facts, tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    facts.order("bob", at(6), subtotal_minor=3000, **change)
    (row,) = shares(facts, tmp_path)
    assert (row["status"], row["reason"], row["granted_at"]) == ("clawed_back", reason, None)


def test_s1_12_recommending_oneself_is_rejected_also_under_a_second_account(tmp_path: Path) -> None:
    facts = Facts()
    facts.referral("ann", "ann", at(4))
    facts.referral("cat", "cat2", at(4))
    for person in ("ann", "cat2"):
        facts.order(person, at(6), subtotal_minor=8000)
    found = shares(facts, tmp_path, identities=(("cat2", "cat"),))
    assert [(row["person_id"], row["status"], row["reason"]) for row in found] == [
        ("ann", "blocked", "self_referral"),
        ("cat", "blocked", "self_referral"),
    ]


def test_s1_12_each_market_pays_in_its_own_money_or_points_and_one_without_reward_pays_nothing(
    tmp_path: Path,
) -> None:
    facts = Facts()
    for number, (market, friend) in enumerate((("CN", "bo"), ("JP", "ko"), ("US", "di"))):
        referrer = f"r{number}"
        facts.add("people", at(1), subject_id=referrer, market=market)
        facts.referral(referrer, friend, at(4))
        facts.order(friend, at(6), subtotal_minor=3000)
    found = shares(facts, tmp_path)
    assert [(row["amount_minor"], row["currency"], row["points"], row["status"], row["reason"]) for row in found] == [
        (1000, "CNY", None, "earned", ""),
        (None, None, 100, "earned", ""),
        (None, None, None, "blocked", "no_reward"),
    ]


def test_s1_12_of_two_records_the_one_heard_of_last_says_where_somebody_lives(facts: Facts, tmp_path: Path) -> None:
    facts.add("people", at(1), subject_id="ann", market="JP", arrived_at=at(1))
    facts.add("people", at(1), subject_id="ann2", market="CN", arrived_at=at(3))
    facts.order("bob", at(6), subtotal_minor=3000)
    (row,) = shares(facts, tmp_path, identities=(("ann2", "ann"),))
    assert (row["market"], row["currency"]) == ("CN", "CNY")


def test_s1_12_of_two_records_from_one_file_the_later_one_says_where_somebody_lives(
    facts: Facts, tmp_path: Path
) -> None:
    facts.order("bob", at(6), subtotal_minor=3000)
    for number, (market, day) in enumerate((("CN", 2), ("JP", 1), ("JP", 1), ("JP", 1))):
        facts.add("people", at(day), subject_id=f"ann{number}", market=market, arrived_at=at(3))
    found = shares(facts, tmp_path, identities=tuple((f"ann{number}", "ann") for number in range(4)))
    assert [row["market"] for row in found] == ["CN"]


def test_s1_12_a_friend_counts_once_whoever_else_recommends_or_lives_there(facts: Facts, tmp_path: Path) -> None:
    facts.referral("dan", "bob", at(5))
    facts.referral("ann", "eve", at(5))
    facts.household("elm street 5", "bob", "eve")
    facts.order("bob", at(6), subtotal_minor=3000)
    facts.order("bob", at(9), subtotal_minor=3000)
    facts.order("eve", at(7), subtotal_minor=3000)
    found = {(row["person_id"], row["friend_id"]): (row["status"], row["reason"]) for row in shares(facts, tmp_path)}
    assert found == {
        ("ann", "bob"): ("earned", ""),
        ("ann", "eve"): ("blocked", "household_rewarded"),
        ("dan", "bob"): ("blocked", "already_referred"),
    }
