"""S1-21: points are redeemed for gifts, coupons and money off, and no redemption drives a balance below zero."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from agent.loyalty import RedemptionResult, member_account, redeem
from memory.domain.errors import InvalidInput, NotFound, NotReady
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.tools.loyalty.programme import AS_OF, a_programme, at, joined

pytestmark = pytest.mark.slow


def a_member(points: int = 120, **order: object) -> Facts:
    facts = Facts()
    joined(facts, "ann")
    facts.order("ann", at(5), subtotal_minor=points * 100, **order)
    return facts


def spend(
    store: Store, lake: Lake, reward: str, request: str, person: str = "ann", when: datetime = AS_OF
) -> RedemptionResult:
    with store.unit_of_work() as uow:
        return redeem(uow, lake, SHOP, person, reward, request, "till", when)


def balance(store: Store, lake: Lake) -> int:
    with store.read() as uow:
        return member_account(uow, lake, SHOP, "ann", AS_OF).balance


def test_s1_21_points_buy_gifts_coupons_and_money_off_until_they_do_not_suffice(store: Store, lake: Lake) -> None:
    settle(store, lake, a_member(190), AS_OF, a_programme())
    found = [spend(store, lake, reward, f"q{number}") for number, reward in enumerate(("mug", "five-off", "ten-back"))]
    assert [(one.code, one.balance) for one in found] == [("redeemed", 150), ("redeemed", 100), ("redeemed", 0)]
    assert [one.redemption and one.redemption.kind for one in found] == ["gift", "coupon", "cash_off"]
    refused = spend(store, lake, "mug", "q9")
    assert (refused.code, refused.balance, refused.redemption) == ("too_few_points", 0, None)
    assert balance(store, lake) == 0


def test_s1_21_a_request_asked_again_spends_once_and_its_id_is_for_nothing_else(store: Store, lake: Lake) -> None:
    settle(store, lake, a_member(), AS_OF, a_programme())
    assert [spend(store, lake, "mug", "q1").code for _ in range(2)] == ["redeemed", "repeated"]
    assert balance(store, lake) == 80
    with pytest.raises(InvalidInput, match="another redemption"):
        spend(store, lake, "five-off", "q1")
    with pytest.raises(NotFound, match="yacht"):
        spend(store, lake, "yacht", "q2")


def test_s1_21_only_members_redeem(store: Store, lake: Lake) -> None:
    facts = a_member()
    joined(facts, "ann", on=at(20), is_member=False)
    settle(store, lake, facts, AS_OF, a_programme())
    assert spend(store, lake, "mug", "q1").code == "not_a_member"
    assert spend(store, lake, "mug", "q2", "stranger").code == "not_a_member"
    assert balance(store, lake) == 120


def test_s1_21_a_refund_after_redeeming_leaves_a_debt_that_the_next_order_pays_first(store: Store, lake: Lake) -> None:
    settle(store, lake, a_member(100), AS_OF, a_programme())
    assert spend(store, lake, "ten-back", "q1").code == "redeemed"
    refunded = a_member(100, refunded_minor=10_000)
    settle(store, lake, refunded, AS_OF)
    assert balance(store, lake) == -100
    refunded.order("ann", at(20), subtotal_minor=13_900)
    settle(store, lake, refunded, AS_OF)
    assert spend(store, lake, "mug", "q2").code == "too_few_points"
    assert balance(store, lake) == 39


def test_s1_21_a_request_stamped_before_the_last_redemption_sees_it(store: Store, lake: Lake) -> None:
    """A host whose clock is behind, or a request that took the time and then waited for its turn."""
    settle(store, lake, a_member(50), AS_OF, a_programme())
    assert spend(store, lake, "five-off", "late").code == "redeemed"
    early = spend(store, lake, "five-off", "early", when=AS_OF - timedelta(milliseconds=1))
    assert (early.code, early.balance) == ("too_few_points", 0)
    assert balance(store, lake) == 0


def test_s1_21_without_a_programme_nothing_is_redeemed(store: Store, lake: Lake) -> None:
    settle(store, lake, a_member(), AS_OF)
    with pytest.raises(NotReady, match="loyalty set"):
        spend(store, lake, "mug", "q1")


def test_s1_21_two_at_once_cannot_both_spend_the_last_points(any_store: Store, lake: Lake) -> None:
    settle(any_store, lake, a_member(120), AS_OF, a_programme())
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: spend(any_store, lake, "five-off", f"q{number}").code, range(8)))
    assert sorted(found) == ["redeemed"] * 2 + ["too_few_points"] * 6
    with any_store.read() as uow:
        assert member_account(uow, lake, SHOP, "ann", AS_OF + timedelta(seconds=1)).balance == 20
