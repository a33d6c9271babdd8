"""How the time goods last goes with the quantity: told by the shop's own purchases, else in proportion."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories.facts import AS_OF, Facts, ago
from tools.recommendations.cycles import cycles


def table(folder: Path, days_of: Callable[[int], float], quantities: tuple[int, ...]) -> list[dict[str, float]]:
    """Twelve people buy each article six times, in turn so many units as `quantities` say."""
    facts = Facts()
    for person in range(12):
        for sku in ("candle", "soap"):
            day = 600.0 + person
            for number in range(6):
                quantity = quantities[number % len(quantities)]
                facts.order(f"p{person}", ago(day), {"sku": sku, "quantity": quantity})
                day -= days_of(quantity)
    with facts.open(folder) as view:
        rows: list[dict[str, float]] = cycles(view, AS_OF).to_pyarrow().to_pylist()
        return rows


def test_s1_28_where_more_units_last_longer_the_time_goes_with_the_quantity(tmp_path: Path) -> None:
    for row in table(tmp_path, lambda quantity: 10.0 * quantity, (1, 2, 4)):
        assert row["power"] == pytest.approx(1.0, abs=0.01)
        assert row["unit_seconds"] == pytest.approx(10 * 86_400, rel=0.02)


def test_s1_28_where_the_quantity_makes_no_difference_it_counts_for_nothing(tmp_path: Path) -> None:
    for row in table(tmp_path, lambda quantity: 30.0 + quantity % 3, (1, 12, 48)):
        assert row["power"] < 0.05
        assert row["unit_seconds"] == pytest.approx(31 * 86_400, rel=0.1)


def test_s1_28_where_all_buy_the_same_quantity_the_time_goes_with_it(tmp_path: Path) -> None:
    for row in table(tmp_path, lambda _: 30.0, (3,)):
        assert row["power"] == 1.0
        assert row["unit_seconds"] == pytest.approx(10 * 86_400)
