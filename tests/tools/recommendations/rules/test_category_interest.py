"""Category rules: bestsellers, newest, well reviewed and cheap goods of the category a person is about."""

import pytest

from tests.tools.recommendations.conftest import Ask
from tests.tools.recommendations.shelves import skus
from tests.tools.recommendations.street import CANDLE, OTHER, ROAD, TRACK, TRAIL

pytestmark = pytest.mark.slow


def test_s2_20_s2_47_the_explored_category_wins_over_what_was_looked_at_last(ask: Ask) -> None:
    """Bestsellers in order; the sold-out, the foreign currency and the unknown stock stay out."""
    assert skus(ask("category_interest")["runner"]) == [ROAD, TRAIL, TRACK]


def test_s2_13_four_looks_are_no_exploring_so_the_last_look_decides(ask: Ask) -> None:
    assert skus(ask("category_interest")["visitor"]) == [CANDLE, OTHER]


def test_s2_40_newest_goods_of_the_category_come_by_their_day(ask: Ask) -> None:
    """The road shoe is 90 days old: it is new no more."""
    assert skus(ask("newest")["runner"]) == [TRAIL, TRACK]


def test_s1_44_new_goods_are_shown_to_nobody_without_an_interest(ask: Ask) -> None:
    assert ask("newest")["again0"] == []


def test_s2_20_only_goods_that_buyers_rated_well_are_shown_as_such(ask: Ask) -> None:
    assert skus(ask("well_reviewed")["runner"]) == [TRACK]


def test_s2_56_cheap_goods_are_filled_up_from_the_whole_shop(ask: Ask) -> None:
    rows = ask("under_price")["runner"]
    assert skus(rows)[0] == TRACK
    assert len(rows) == 3
    assert all(row["price_minor"] <= 5000 for row in rows)


def test_s1_16_care_speaks_of_what_was_bought_and_kept_the_latest_first(ask: Ask) -> None:
    assert skus(ask("bought")["keeper"]) == [TRACK, ROAD]
    assert ask("bought")["giver"] == []
    assert ask("bought")["sent.back"] == []
