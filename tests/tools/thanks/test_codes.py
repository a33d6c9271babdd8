"""Codes of orders: for the order's customer, once, on a later order, for as many hours as the shop says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from memory.domain.thanks import CodeAnswer, ThanksOrder
from memory.store.engine import Store
from tests.factories.facts import SHOP
from tests.factories.thanks import AT, SETTINGS, SHOES, euros
from tools.thanks.codes import check_code, redeem_code
from tools.thanks.opening import opened

KEY = b"a key for tests only, 32 bytes.."


@pytest.fixture
def order(any_store: Store) -> ThanksOrder:
    plain = ThanksOrder(order_ref="#1", person_id="ann", market="DE", skus=(SHOES,), arm="", opened_at=AT)
    made = opened(KEY, SHOP.shop_id, plain, SETTINGS, AT, is_withheld=False)
    with any_store.unit_of_work() as uow:
        uow.thanks.add(SHOP.shop_id, made)
    with any_store.read() as uow:
        found = uow.thanks.get(SHOP.shop_id, "#1")
    assert found is not None and found == made
    return found


def use(store: Store, order: ThanksOrder, ref: str = "#2", person: str = "ann", hours: float = 1) -> CodeAnswer:
    assert order.code is not None
    with store.unit_of_work() as uow:
        return redeem_code(uow, SHOP.shop_id, order.code, person, ref, AT + timedelta(hours=hours))


def test_s1_10_the_customer_uses_the_code_on_a_later_order(any_store: Store, order: ThanksOrder) -> None:
    found = use(any_store, order)
    assert (found.is_valid, found.is_redeemed, found.off, found.min_spend) == (True, True, euros(200), euros(5000))


def test_s1_10_somebody_else_cannot_use_it(any_store: Store, order: ThanksOrder) -> None:
    assert [use(any_store, order, person=who).reason for who in ("bob", "")] == ["other_customer"] * 2
    assert use(any_store, order).is_redeemed


def test_s1_10_it_is_used_once_and_the_same_order_asking_again_hears_the_same(
    any_store: Store, order: ThanksOrder
) -> None:
    assert use(any_store, order).is_redeemed
    assert use(any_store, order, ref="#3").reason == "used"
    assert use(any_store, order, hours=100).is_redeemed


def test_s1_10_it_is_invalid_on_the_order_it_came_with(any_store: Store, order: ThanksOrder) -> None:
    assert use(any_store, order, ref="#1").reason == "same_order"


@pytest.mark.parametrize(("hours", "reason"), [(47.99, None), (48, "expired"), (9999, "expired")])
def test_s1_10_it_expires_at_the_configured_hours(
    any_store: Store, order: ThanksOrder, hours: float, reason: str | None
) -> None:
    assert use(any_store, order, hours=hours).reason == reason


def test_s1_10_asking_only_uses_nothing_up_and_an_invented_code_is_unknown(
    any_store: Store, order: ThanksOrder
) -> None:
    assert order.code is not None
    with any_store.read() as uow:
        assert check_code(uow, SHOP.shop_id, order.code, "ann", "#2", AT).is_valid
        assert check_code(uow, SHOP.shop_id, order.code, "ann", "#3", AT).is_valid
        assert check_code(uow, SHOP.shop_id, "THX-INVENTED", "ann", "#2", AT).reason == "unknown_code"
        assert check_code(uow, "elsewhere", order.code, "ann", "#2", AT).reason == "unknown_code"


def test_s1_10_of_two_orders_at_once_one_gets_it(any_store: Store, order: ThanksOrder) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: use(any_store, order, ref=f"#{n}"), range(2, 8)))
    assert sum(one.is_redeemed for one in found) == 1
    assert {one.reason for one in found if not one.is_redeemed} == {"used"}


def test_s1_13_while_the_page_is_off_nobody_is_given_an_arm_or_a_code() -> None:
    plain = ThanksOrder(order_ref="#9", person_id="ann", market="DE", skus=(SHOES,), arm="", opened_at=AT)
    off = SETTINGS.model_copy(update={"is_on": False})
    made = opened(KEY, SHOP.shop_id, plain, off, AT, is_withheld=False)
    assert (made.arm, made.code, made.share_code) == ("off", None, None)
    assert opened(KEY, SHOP.shop_id, plain, off, AT, is_withheld=True).arm == "withheld"
    assert SETTINGS.parts_of(made.arm) == (), "turned on again, the order has no block"


def test_s1_10_an_order_that_names_nobody_gets_no_code() -> None:
    plain = ThanksOrder(order_ref="#9", person_id="", market="DE", skus=(SHOES,), arm="", opened_at=AT)
    made = opened(KEY, SHOP.shop_id, plain, SETTINGS, AT, is_withheld=False)
    assert made.code is None and made.share_code is None
