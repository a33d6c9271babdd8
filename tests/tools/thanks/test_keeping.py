"""Goods are prepared anew once a day where a shop has a page, by one of several workers."""

from datetime import timedelta
from pathlib import Path

import pytest

from memory.domain.clock import ManualClock
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.thanks_goods import THANKS_GOODS_SCHEMA, THANKS_PAIRS_SCHEMA
from tests.factories.facts import SHOP
from tests.factories.thanks import AT, SETTINGS, SHOES
from tools.thanks.keeping import prepare_daily

pytestmark = pytest.mark.slow


def test_s1_09_goods_are_prepared_once_a_day_and_only_where_there_is_a_page(made: Path, shop_store: Store) -> None:
    lake, clock = Lake(made.parent / "lake"), ManualClock(AT)
    with shop_store.unit_of_work() as uow:
        nothing = (THANKS_GOODS_SCHEMA.empty_table(), THANKS_PAIRS_SCHEMA.empty_table())
        uow.thanks_goods.replace(SHOP.shop_id, *nothing)
    assert prepare_daily(shop_store, lake, clock, SHOP.shop_id)
    with shop_store.read() as uow:
        assert SHOES in uow.thanks_goods.places(SHOP.shop_id, [SHOES])
        assert uow.thanks_goods.following(SHOP.shop_id, [SHOES])
    assert not prepare_daily(shop_store, lake, clock, SHOP.shop_id)
    with shop_store.unit_of_work() as uow:
        uow.thanks.put_settings(SHOP.shop_id, SETTINGS, "mia", clock.now())
    assert not prepare_daily(shop_store, lake, clock, SHOP.shop_id)
    clock.advance(timedelta(days=1))
    assert prepare_daily(shop_store, lake, clock, SHOP.shop_id)
    assert not prepare_daily(shop_store, lake, clock, "another")
