"""Pairing by co-purchase: thresholds, evidence, nothing bought or sent back."""

import pytest

from tests.tools.recommendations.conftest import Ask
from tests.tools.recommendations.shelves import skus
from tests.tools.recommendations.street import BEANS, CUP, GRINDER, MACHINE, SOCK

pytestmark = pytest.mark.slow


def test_s1_26_s1_42_what_is_bought_together_is_shown_with_its_evidence(ask: Ask) -> None:
    rows = ask("complement")["beans.buyer"]
    assert skus(rows) == [GRINDER, MACHINE]
    assert [row["n_together"] for row in rows] == [9, 6]
    assert all(0 < row["support_rate"] < 0.1 and row["lift"] > 1.2 for row in rows)
    assert rows[0]["support_rate"] / rows[1]["support_rate"] == pytest.approx(9 / 6, rel=1e-3)


def test_s1_42_a_pair_below_the_thresholds_is_not_shown(ask: Ask) -> None:
    """The cup has too few orders; orders of sixty articles are trade and make no pairs."""
    assert not {CUP, "x1"} & set(skus(ask("complement")["beans.buyer"]))
    assert not any(CUP in skus(rows) for rows in ask("complement").values())


@pytest.mark.parametrize("person", ["owner", "returner", "whole", "refunded"])
def test_s2_49_what_was_bought_or_sent_back_is_left_out(ask: Ask, person: str) -> None:
    assert skus(ask("complement")[person]) == [MACHINE]


def test_s2_49_what_was_sent_back_is_no_reason_for_showing_anything(ask: Ask) -> None:
    assert ask("complement")["sent.back"] == []


def test_s2_20_who_only_looked_gets_the_pairing_guide(ask: Ask) -> None:
    assert skus(ask("pairing")["beans.looker"]) == [GRINDER, MACHINE]
    assert ask("complement")["beans.looker"] == []
    assert {BEANS, SOCK}.isdisjoint(skus(ask("pairing")["beans.looker"]))
