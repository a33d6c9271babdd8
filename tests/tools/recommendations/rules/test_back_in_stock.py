"""Stock notices: only for goods that were really out and really came back since the person looked."""

import pytest

from tests.tools.recommendations.conftest import Ask
from tests.tools.recommendations.shelves import skus
from tests.tools.recommendations.street import BACK

pytestmark = pytest.mark.slow


def test_s2_21_s2_50_only_what_was_out_and_came_back_is_told(ask: Ask) -> None:
    assert skus(ask("back_in_stock")["follower"]) == [BACK]


@pytest.mark.parametrize("person", ["late", "has.it", "told", "early"])
def test_s2_50_who_looked_later_bought_it_or_was_told_hears_nothing(ask: Ask, person: str) -> None:
    assert ask("back_in_stock")[person] == []


def test_s2_56_a_restock_shows_what_came_back_to_everyone_who_has_not_got_it(ask: Ask) -> None:
    assert skus(ask("restock")["runner"]) == [BACK]
    assert ask("restock")["has.it"] == []
