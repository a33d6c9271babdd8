"""Goods at the claim: dropped, kept, or the reason why a message has nothing left to say."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from agent.dispatch.goods import Shown, skus_of, still_shown
from memory.store.goods_state import GoodsStateRow
from tests.factories.plans import good_plan

STEPS = {"complement": "vip.cross_sell", "under_price": "vip.new_year_picks", "price_drop": "vip.price_drop"}


def message(rule: str, *skus: str, step: str = "", link: str = "", price: int = 4000) -> Any:
    items = [{"sku": sku, "title": sku.title(), "url": f"https://n/{sku}", "price_minor": price} for sku in skus]
    packed = {"rule": rule, "link": link, "items": items}
    return SimpleNamespace(step_id=step or STEPS.get(rule, "vip.cross_sell"), goods=json.dumps(packed))


def state(sku: str, **changes: Any) -> GoodsStateRow:
    known: dict[str, Any] = {"n_available": 3, "price_minor": 4000, "currency": "EUR", "is_active": True} | changes
    return GoodsStateRow(shop_id="nord", sku=sku, **known)


def left(row: Any, *states: GoodsStateRow) -> Shown | str:
    return still_shown(row, good_plan(), {each.sku: each for each in states}, "EUR")


def test_s2_50_what_is_in_stock_stays_and_what_is_not_is_dropped() -> None:
    found = left(message("complement", "a", "b", link="https://n/b"), state("a"), state("b", n_available=0))
    assert found == Shown("https://n/a", (("A", "https://n/a"),))


@pytest.mark.parametrize("gone", [{"n_available": 0}, {"n_available": None}, {"is_active": False}])
def test_s2_50_a_step_that_needs_goods_ends_when_all_are_gone(gone: dict[str, Any]) -> None:
    assert left(message("complement", "a"), state("a", **gone)) == "sold_out"
    assert left(message("complement", "a")) == "sold_out"


def test_s2_50_a_price_notice_ends_when_the_price_rose_again() -> None:
    assert left(message("price_drop", "a"), state("a", price_minor=4001)) == "price_raised"
    assert left(message("price_drop", "a"), state("a", price_minor=3900)) == Shown("", (("A", "https://n/a"),))
    assert left(message("price_drop", "a"), state("a", currency="USD")) == "price_unknown"


def test_s2_56_a_pick_above_the_ceiling_is_dropped_and_the_mail_goes_without() -> None:
    assert left(message("under_price", "a"), state("a", price_minor=5001)) == Shown()
    assert left(message("under_price", "a"), state("a", price_minor=5000)) == Shown("", (("A", "https://n/a"),))


def test_s1_16_what_the_person_owns_needs_no_stock() -> None:
    assert left(message("bought", "a", step="vip.care_guide")) == Shown("", (("A", "https://n/a"),))


def test_a_message_without_goods_shows_none() -> None:
    plain = SimpleNamespace(step_id="vip.thank_you", goods="")
    assert left(plain) == Shown()
    assert skus_of([plain, message("complement", "a", "b")]) == {"a", "b"}
