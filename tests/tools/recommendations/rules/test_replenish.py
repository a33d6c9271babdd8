"""Replenishment: cycle from repeat purchases, scaled by the quantity, reminder inside the interval."""

from datetime import date, timedelta

import pytest

from tests.factories.facts import AS_OF
from tests.tools.recommendations.conftest import Ask
from tests.tools.recommendations.shelves import skus
from tests.tools.recommendations.street import CANDLE, OTHER

pytestmark = pytest.mark.slow


def test_s1_28_the_run_out_has_an_interval_and_the_reminder_falls_inside_it(ask: Ask) -> None:
    (row,) = ask("replenish")["candle.29"]
    bought = (AS_OF - timedelta(days=29)).date()
    on, low, high = (date.fromisoformat(row[f"runs_out_{name}"]) for name in ("on", "from", "until"))
    assert row["sku"] == CANDLE
    assert on == bought + timedelta(days=30)
    assert low < on < high
    assert low <= AS_OF.date() <= high


@pytest.mark.parametrize(("days", "is_due"), [(20, False), (27, False), (29, True), (31, True), (33, False)])
def test_s2_48_the_reminder_comes_only_inside_the_interval(ask: Ask, days: int, is_due: bool) -> None:
    assert bool(ask("replenish")[f"candle.{days}"]) == is_due


def test_s1_28_three_times_the_quantity_lasts_three_times_as_long(ask: Ask) -> None:
    assert ask("replenish")["candle.three"] == []
    (row,) = ask("replenish")["candle.three.earlier"]
    assert date.fromisoformat(row["runs_out_on"]) == (AS_OF - timedelta(days=90)).date() + timedelta(days=90)


def test_s1_28_an_article_of_few_repeats_takes_its_category_s_cycle(ask: Ask) -> None:
    assert skus(ask("replenish")["candle.other"]) == [OTHER]


def test_s1_28_without_repeat_purchases_nothing_is_guessed(ask: Ask) -> None:
    assert ask("replenish")["lone.buyer"] == []


def test_s1_28_who_bought_again_is_counted_from_the_last_purchase(ask: Ask) -> None:
    assert ask("replenish")["candle.twice"] == []
