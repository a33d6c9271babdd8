"""Price notices: only for a price that really fell since the person looked, once per article and window."""

import pytest

from tests.tools.recommendations.conftest import Ask
from tests.tools.recommendations.shelves import skus
from tests.tools.recommendations.street import CENT, CHEAPER

pytestmark = pytest.mark.slow


def test_s2_21_s2_50_the_deepest_real_fall_is_told_and_nothing_that_rose_or_is_gone(ask: Ask) -> None:
    (row,) = ask("price_drop")["follower"]
    assert (row["sku"], row["was_minor"], row["price_minor"]) == (CHEAPER, 5000, 4000)


def test_s2_50_who_looked_after_the_price_fell_hears_nothing(ask: Ask) -> None:
    assert ask("price_drop")["late"] == []


def test_s2_50_where_nobody_knows_what_it_cost_then_nothing_is_claimed(ask: Ask) -> None:
    assert ask("price_drop")["before"] == []
    assert ask("price_drop")["early"] == []


def test_s2_50_who_bought_it_hears_nothing(ask: Ask) -> None:
    assert ask("price_drop")["has.it"] == []


def test_s2_50_one_notice_per_article_and_window(ask: Ask) -> None:
    assert skus(ask("price_drop")["told"]) == [CENT]
