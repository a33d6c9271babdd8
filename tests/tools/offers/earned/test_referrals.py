"""Referrals: the friend spends 75, both get 10, refunds take both back, and tricks don't pay."""

from datetime import date
from pathlib import Path

import pytest

from memory.domain.errors import InvalidInput
from tests.factories.facts import Facts

from .january import MISSION, REFERRAL, at, limited, referrals, short

pytestmark = pytest.mark.slow


@pytest.fixture
def facts() -> Facts:
    """Ann recommends the shop to Bob."""
    found = Facts()
    found.referral("ann", "bob", at(4))
    return found


def both(status: str, reason: str = "", friend: str = "bob") -> list[tuple[str, str, str, str]]:
    return [("ann", "referrer", status, reason), (friend, "friend", status, reason)]


def test_s2_55_the_friend_spends_75_and_both_get_10(facts: Facts, tmp_path: Path) -> None:
    facts.order("bob", at(6), subtotal_minor=7500, shipping_minor=0)
    reward = {"amount_minor": 1000, "earned_at": at(6), "status": "earned", "reason": ""}
    assert referrals(facts, tmp_path) == [
        {"person_id": "ann", "role": "referrer", "other_id": "bob", **reward},
        {"person_id": "bob", "role": "friend", "other_id": "ann", **reward},
    ]


def test_s2_55_a_friend_under_75_pays_nothing(facts: Facts, tmp_path: Path) -> None:
    facts.order("bob", at(6), subtotal_minor=7499, shipping_minor=900, tax_minor=900)
    facts.order("bob", at(7), subtotal_minor=7499)
    assert referrals(facts, tmp_path) == []


def test_s2_55_the_friends_second_order_does_not_pay_twice(facts: Facts, tmp_path: Path) -> None:
    facts.order("bob", at(6), subtotal_minor=7500)
    facts.order("bob", at(9), subtotal_minor=20000)
    facts.referral("ann", "bob", at(5))
    assert short(referrals(facts, tmp_path)) == both("earned")


def test_s2_55_the_friends_refund_claws_back_both(facts: Facts, tmp_path: Path) -> None:
    facts.order("bob", at(6), subtotal_minor=8000, refunded_minor=8000)
    assert short(referrals(facts, tmp_path)) == both("clawed_back", "refunded")


@pytest.mark.parametrize(("refunded", "status"), [(500, "earned"), (501, "clawed_back")])
def test_s2_55_a_partial_refund_claws_back_below_75(facts: Facts, tmp_path: Path, refunded: int, status: str) -> None:
    facts.order("bob", at(6), subtotal_minor=8000, refunded_minor=refunded)
    assert {row["status"] for row in referrals(facts, tmp_path)} == {status}


def test_s2_55_a_cancelled_order_claws_back_and_a_later_one_earns_again(facts: Facts, tmp_path: Path) -> None:
    facts.order("bob", at(6), subtotal_minor=8000, is_cancelled=True)
    assert short(referrals(facts, tmp_path / "a")) == both("clawed_back", "cancelled")
    facts.order("bob", at(9), subtotal_minor=7500)
    found = referrals(facts, tmp_path / "b")
    assert short(found) == both("earned")
    assert {row["earned_at"] for row in found} == {at(9)}


def test_s2_55_recommending_oneself_is_blocked(tmp_path: Path) -> None:
    facts = Facts()
    facts.referral("ann", "ann", at(4))
    facts.referral("cat", "cat2", at(4))
    for person in ("ann", "cat2"):
        facts.order(person, at(6), subtotal_minor=8000)
    found = referrals(facts, tmp_path, identities=[("cat2", "cat")])
    assert {(row["person_id"], row["status"], row["reason"]) for row in found} == {
        ("ann", "blocked", "self_referral"),
        ("cat", "blocked", "self_referral"),
    }


def test_s2_55_a_friend_of_the_same_household_is_blocked(facts: Facts, tmp_path: Path) -> None:
    facts.household("elm street 5", "ann", "bob")
    facts.household("elm street 6", "bob")
    facts.order("bob", at(6), subtotal_minor=8000)
    assert short(referrals(facts, tmp_path)) == both("blocked", "same_household")


def test_s2_55_a_second_friend_of_one_household_is_blocked(facts: Facts, tmp_path: Path) -> None:
    facts.referral("dan", "cat", at(4))
    facts.household("elm street 5", "bob", "cat")
    facts.order("cat", at(7), subtotal_minor=8000)
    facts.order("bob", at(6), subtotal_minor=8000)
    assert short(referrals(facts, tmp_path)) == [
        *both("earned"),
        ("cat", "friend", "blocked", "household_rewarded"),
        ("dan", "referrer", "blocked", "household_rewarded"),
    ]


def test_s2_55_a_refunded_friend_leaves_the_household_free(facts: Facts, tmp_path: Path) -> None:
    facts.referral("dan", "cat", at(4))
    facts.household("elm street 5", "bob", "cat")
    facts.order("bob", at(6), subtotal_minor=8000, refunded_minor=8000)
    facts.order("cat", at(7), subtotal_minor=8000)
    found = {row["person_id"]: row["status"] for row in referrals(facts, tmp_path)}
    assert found == {"ann": "clawed_back", "bob": "clawed_back", "cat": "earned", "dan": "earned"}


def test_s2_55_only_the_first_referrer_is_paid(facts: Facts, tmp_path: Path) -> None:
    facts.referral("bob", "bob", at(2))
    facts.referral("dan", "bob", at(5))
    facts.order("bob", at(6), subtotal_minor=8000)
    found = {(row["person_id"], row["role"]): row["reason"] for row in referrals(facts, tmp_path)}
    assert found[("ann", "referrer")] == ""
    assert found[("dan", "referrer")] == "already_referred"


def test_s2_55_a_friend_who_had_bought_before_is_not_new(facts: Facts, tmp_path: Path) -> None:
    facts.order("bob", at(1, month=6).replace(year=2026))
    facts.order("bob", at(6), subtotal_minor=8000)
    assert short(referrals(facts, tmp_path)) == both("blocked", "not_new")


def test_s2_55_order_and_referral_lie_in_the_window_in_this_order(facts: Facts, tmp_path: Path) -> None:
    facts.order("bob", at(31, 23), subtotal_minor=8000)  # the first of February in the shop's zone
    facts.referral("ann", "cat", at(31, 22, 12, 59).replace(year=2026))
    facts.order("cat", at(6), subtotal_minor=8000)
    facts.referral("ann", "eve", at(7))
    facts.order("eve", at(6), subtotal_minor=8000)
    assert referrals(facts, tmp_path) == []


def test_s2_55_a_friends_order_in_another_currency_is_converted(facts: Facts, tmp_path: Path) -> None:
    facts.add("rates", at(1), base="EUR", quote="JPY", rate_on=date(2027, 1, 1), rate_text="160")
    facts.referral("dan", "cat", at(4))
    facts.order("bob", at(6), subtotal_minor=12000, currency="JPY")
    facts.order("cat", at(6), subtotal_minor=11999, currency="JPY")  # 74.99 euros
    assert short(referrals(facts, tmp_path)) == both("earned")


def test_s2_55_uses_of_a_referrer_and_of_the_offer_are_limited(facts: Facts, tmp_path: Path) -> None:
    for number, (referrer, friend) in enumerate((("ann", "cat"), ("dan", "eve"))):
        facts.referral(referrer, friend, at(4))
        facts.order(friend, at(8 + number), subtotal_minor=8000)
    facts.order("bob", at(6), subtotal_minor=8000)
    once = {row["person_id"]: row["reason"] for row in referrals(facts, tmp_path / "a") if row["role"] == "friend"}
    assert once == {"bob": "", "cat": "uses_used_up", "eve": ""}
    offer = limited(REFERRAL, uses_per_person=5, max_granted=2)
    twice = referrals(facts, tmp_path / "b", offer=offer)
    assert {row["person_id"]: row["reason"] for row in twice if row["role"] == "friend"} == {
        "bob": "", "cat": "", "eve": "budget_used_up",
    }  # fmt: skip
    assert sum(row["amount_minor"] for row in twice if row["status"] == "earned") == 4000


def test_s2_55_offers_of_two_cohorts_do_not_pay_one_friend_or_household_twice(facts: Facts, tmp_path: Path) -> None:
    """Dan's offer runs from the 8th on; Ann's had begun before and paid Bob's household."""
    facts.referral("dan", "bob", at(10))
    facts.referral("dan", "cat", at(10))
    facts.household("elm street 5", "bob", "cat")
    facts.order("bob", at(12), subtotal_minor=8000)
    facts.order("cat", at(13), subtotal_minor=8000)
    dans = limited(REFERRAL, valid_from=date(2027, 1, 8), valid_until=date(2027, 2, 8), uses_per_person=5)
    found = referrals(facts, tmp_path, offer=dans, of=["dan"])
    assert {(row["role"], row["other_id"], row["reason"]) for row in found} == {
        ("referrer", "bob", "already_referred"),
        ("friend", "dan", "already_referred"),
        ("referrer", "cat", "household_rewarded"),
        ("friend", "dan", "household_rewarded"),
    }


def test_s2_55_only_referrals_by_people_who_got_the_offer_take_part(facts: Facts, tmp_path: Path) -> None:
    facts.order("bob", at(6), subtotal_minor=8000)
    assert referrals(facts, tmp_path / "a", of=["bob"]) == []
    assert short(referrals(facts, tmp_path / "b", of=["ann"])) == both("earned")


def test_s2_55_a_mission_rewards_no_referral(facts: Facts, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="rewards no referral"):
        referrals(facts, tmp_path, offer=MISSION)
