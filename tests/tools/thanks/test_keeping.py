"""Goods are prepared anew once a day where a shop has a page, by one of several workers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from memory.domain.clock import ManualClock
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.thanks_goods import THANKS_GOODS_SCHEMA, THANKS_PAIRS_SCHEMA
from tests.factories.facts import SHOP
from tests.factories.thanks import AT, SETTINGS, SHOES
from tools.thanks import keeping
from tools.thanks.keeping import EVERY, PATIENCE, prepare_daily

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


def test_s1_09_what_failed_is_tried_again_an_hour_later_and_by_one_worker_at_a_time(
    made: Path, shop_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, clock = Lake(made.parent / "lake"), ManualClock(AT)

    def fails(*_: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(keeping, "prepare", fails)
        with pytest.raises(RuntimeError):
            prepare_daily(shop_store, lake, clock, SHOP.shop_id)
    assert not prepare_daily(shop_store, lake, clock, SHOP.shop_id), "it looks as if another worker were at it"
    clock.advance(PATIENCE)
    with shop_store.unit_of_work() as uow:
        begun = [uow.thanks.begin_preparing(SHOP.shop_id, clock.now(), EVERY, PATIENCE) for _ in range(2)]
    assert begun == [True, False]
    clock.advance(PATIENCE)
    assert prepare_daily(shop_store, lake, clock, SHOP.shop_id)
    clock.advance(EVERY - timedelta(seconds=1))
    assert not prepare_daily(shop_store, lake, clock, SHOP.shop_id)


def test_s1_09_goods_prepared_by_two_at_once_are_those_of_one(any_store: Store) -> None:
    goods = pa.table({name: [f"{name}{n}" for n in range(500)] for name in THANKS_GOODS_SCHEMA.names})
    with any_store.unit_of_work() as uow:
        uow.shops.add(SHOP)

    def replace(_: int) -> None:
        with any_store.unit_of_work() as uow:
            uow.thanks_goods.replace(SHOP.shop_id, goods, THANKS_PAIRS_SCHEMA.empty_table())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(replace, range(8)))
    with any_store.read() as uow:
        assert len(uow.thanks_goods.places(SHOP.shop_id, goods["sku"].to_pylist())) == 500
