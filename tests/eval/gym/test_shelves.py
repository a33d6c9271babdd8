"""Shelves: articles sell out and come back, nobody buys what is gone, and who finds nothing orders less."""

import csv
from pathlib import Path

import numpy as np
import pytest

from eval.gym.catalogue import CATEGORIES
from eval.gym.dates import N_DAYS, season
from eval.gym.periods import write_period
from eval.gym.responses import Responses
from eval.gym.shelves import GIVES_UP, make_catalogue, on_shelf, pick, tides
from eval.gym.shop import SyntheticShop, build_shop, start_of


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> SyntheticShop:
    return build_shop(tmp_path_factory.mktemp("shelves"), n_customers=1_000, seed=7)


def test_articles_sell_out_and_come_back_within_the_ninety_days() -> None:
    goods = make_catalogue(7)
    there = goods.units[N_DAYS : N_DAYS + 90] > 0
    assert ((~there[:-1]) & there[1:]).sum() > 5
    assert (there[:-1] & ~there[1:]).sum() > 5
    assert 0.01 < 1.0 - there.mean() < 0.15
    assert (goods.units == make_catalogue(7).units).all()
    assert (goods.units != make_catalogue(8).units).any()


def test_nobody_buys_what_is_sold_out(shop: SyntheticShop) -> None:
    order, line = np.nonzero(shop.orders.sku >= 0)
    on_hand = shop.goods.units[shop.orders.day[order], shop.orders.sku[order, line]]
    assert (shop.goods.units[:N_DAYS] == 0).any()
    assert (on_hand > 0).all()


def test_a_planted_blind_choice_would_buy_what_is_sold_out(shop: SyntheticShop) -> None:
    blind = shop.goods._replace(units=shop.goods.units[:0])
    days = np.repeat(np.arange(N_DAYS), 40)
    chosen = pick(np.random.default_rng(1), blind, days % len(CATEGORIES), days)
    assert (shop.goods.units[days, chosen] == 0).any()


def test_what_is_sold_out_costs_orders_of_those_who_came_for_it() -> None:
    goods = make_catalogue(7)
    days = np.arange(N_DAYS, N_DAYS + 90)
    full = goods._replace(units=np.ones_like(goods.units))
    lost = 1.0 - tides(goods, days) / tides(full, days)
    gone = ~on_shelf(goods, days).reshape(len(days), len(CATEGORIES), -1)
    assert (lost[~gone.any(axis=2)] == 0).all()
    assert (lost[gone.any(axis=2)] > 0).all()
    assert lost.max() <= GIVES_UP
    assert tides(full, days) == pytest.approx(np.repeat(season(days)[:, None], len(CATEGORIES), axis=1))


def test_a_period_tells_the_shop_what_is_on_hand(shop: SyntheticShop, tmp_path: Path) -> None:
    start = start_of(shop)
    responses = Responses(start)
    written = dict(write_period(tmp_path, start, [responses.step() for _ in range(9)]))
    with written["stock"].open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [int(row["quantity"]) for row in rows] == shop.goods.units[N_DAYS + 9].tolist()
    assert {row["at"][:10] for row in rows} == {"2025-12-10"}
