"""What the block shows after an order: complements first, in stock at this instant, never what was ordered."""

import pyarrow as pa
import pytest

from memory.domain.thanks import ThanksGoods, ThanksOrder
from memory.store.engine import Store
from memory.store.goods_state import GOODS_STATE_SCHEMA
from tests.factories.facts import SHOP
from tests.factories.thanks import AT, CREAM, GONE, LACES, SERUM, SHOES, SOCKS, TONER
from tools.thanks.goods import goods_for

pytestmark = pytest.mark.slow


def shown(store: Store, *skus: str, person: str = "", ref: str = "#1") -> tuple[ThanksGoods, ...]:
    order = ThanksOrder(order_ref=ref, person_id=person, market="DE", skus=skus, arm="full", opened_at=AT)
    with store.read() as uow:
        return goods_for(uow, SHOP.shop_id, "EUR", order)


def sell_out(store: Store, *skus: str) -> None:
    row = {"shop_id": SHOP.shop_id, "n_available": 0, "price_minor": 5000, "currency": "EUR", "is_active": True}
    with store.unit_of_work() as uow:
        uow.goods_state.upsert(pa.Table.from_pylist([{**row, "sku": sku} for sku in skus], GOODS_STATE_SCHEMA))


def test_s1_09_shoes_are_followed_by_socks_with_the_rule_that_chose_them(shop_store: Store) -> None:
    found = shown(shop_store, SHOES)
    assert (found[0].sku, found[0].rule, found[0].n_together) == (SOCKS, "complement", 9)
    assert {SHOES, GONE, "shoes-42"}.isdisjoint(one.sku for one in found)


def test_s1_09_an_article_nobody_pairs_is_followed_by_its_own_line(shop_store: Store) -> None:
    found = shown(shop_store, CREAM)
    assert [(one.sku, one.rule) for one in found[:2]] == [(TONER, "same_category"), (SERUM, "same_category")]
    assert found[2].rule == "bestseller"


def test_s1_09_what_sold_out_since_the_goods_were_prepared_is_not_shown(shop_store: Store) -> None:
    sell_out(shop_store, SOCKS)
    found = shown(shop_store, SHOES)
    assert found and SOCKS not in {one.sku for one in found}
    assert (found[0].sku, found[0].rule) == (LACES, "same_category")


def test_s1_09_the_whole_of_an_order_is_left_out_and_so_is_what_was_ordered_before(shop_store: Store) -> None:
    assert SOCKS not in {one.sku for one in shown(shop_store, SHOES, SOCKS)}
    earlier = ThanksOrder(order_ref="#0", person_id="ann", market="DE", skus=(SOCKS,), arm="full", opened_at=AT)
    with shop_store.unit_of_work() as uow:
        uow.thanks.add(SHOP.shop_id, earlier)
    assert SOCKS not in {one.sku for one in shown(shop_store, SHOES, person="ann")}
    assert SOCKS in {one.sku for one in shown(shop_store, SHOES, person="bob")}


def test_s1_09_an_unknown_article_is_followed_by_what_sells_most(shop_store: Store) -> None:
    found = shown(shop_store, "nobody-knows-it")
    assert found[0].sku == TONER and {one.rule for one in found} == {"bestseller"}


def test_s1_29_the_list_of_bestsellers_is_the_same_whatever_was_ordered(shop_store: Store) -> None:
    orders = [
        ThanksOrder(order_ref=f"#{sku}", person_id="", market="DE", skus=(sku,), arm="best", opened_at=AT)
        for sku in (CREAM, LACES)
    ]
    with shop_store.read() as uow:
        first, second = (goods_for(uow, SHOP.shop_id, "EUR", order, "bestsellers") for order in orders)
    assert {one.rule for one in (*first, *second)} == {"bestseller"}
    assert first[0] == second[0] and first[0].sku == TONER
