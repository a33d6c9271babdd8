"""How well run-outs are told: a shop where each article has a cycle of its own, and one where nobody comes back."""

from pathlib import Path

import pytest

from eval.replenishment import measure
from memory.domain.errors import InvalidInput
from tests.factories.facts import Facts, ago

CYCLES = {"soap": 20, "candle": 45, "filter": 60}


def test_s1_28_cycles_of_articles_are_nearer_than_one_time_for_all(tmp_path: Path) -> None:
    facts = Facts()
    for number in range(30):
        sku, days = list(CYCLES.items())[number % 3]
        for day in range(399 - number % 7, 0, -days):
            facts.order(f"p{number}", ago(day), {"sku": sku})
    with facts.open(tmp_path) as view:
        found = measure(view, days=90)
    assert found.n_articles == 3
    assert found.n_again == found.n_asked == 30
    assert found.cycles.estimate < 0.5
    assert found.one_for_all.estimate > 5
    assert found.difference.high < 0
    assert found.inside_rate > 0.9


def test_s1_28_where_nobody_comes_back_there_is_nothing_to_measure(tmp_path: Path) -> None:
    facts = Facts()
    for number in range(12):
        facts.order(f"p{number}", ago(300 - number), {"sku": "soap"})
        facts.order(f"p{number}", ago(270 - number), {"sku": "soap"})
    facts.order("late", ago(1), {"sku": "soap"})
    with facts.open(tmp_path) as view, pytest.raises(InvalidInput, match="hold out more days"):
        measure(view, days=90)
