from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts
from tools.metrics import CostPer, costs

pytestmark = pytest.mark.slow


def at(month: int, day: int) -> datetime:
    return datetime(2025, month, day, 12, tzinfo=UTC)


def spend(facts: Facts, stage: str, amount: int, starts: date, ends: date) -> None:
    facts.add(
        "spend", datetime(starts.year, starts.month, starts.day, tzinfo=UTC), stage=stage, amount_minor=amount,
        period_start=starts, period_end=ends,
    )  # fmt: skip


def shop_with_orders() -> Facts:
    facts = Facts()
    for number in range(4):
        facts.order(f"p{number}", at(11, 3))
    facts.order("p0", at(11, 20))
    facts.order("p1", at(11, 30))
    facts.order("p2", at(12, 1))
    return facts


def test_s1_64_the_second_order_has_its_cost_beside_the_first(tmp_path: Path) -> None:
    facts = shop_with_orders()
    spend(facts, "pre_purchase", 40_000, date(2025, 11, 1), date(2025, 11, 30))
    spend(facts, "post_purchase", 4_000, date(2025, 11, 21), date(2025, 12, 10))
    with facts.open(tmp_path) as view:
        found = costs(view, SHOP, date(2025, 11, 1), date(2025, 11, 30), AS_OF)
    assert isinstance(found.first_order, CostPer)
    assert isinstance(found.second_order, CostPer)
    assert (found.first_order.n_results, found.first_order.cost_minor) == (4, 10_000)
    assert (found.second_order.spent_minor, found.second_order.n_results) == (2_000, 2)  # 10 of 20 days
    assert found.ratio == pytest.approx(0.1)


def test_s1_03_the_claimed_fifth_is_an_assumption_beside_the_figure(tmp_path: Path) -> None:
    with shop_with_orders().open(tmp_path) as view:
        found = costs(view, SHOP, date(2025, 11, 1), date(2025, 11, 30), AS_OF)
    assert isinstance(found.first_order, NotEstimable)
    assert "secondorder import spend" in found.first_order.message
    assert (found.ratio, found.claimed_ratio) == (None, 0.2)


def test_spend_without_results_is_not_estimable(tmp_path: Path) -> None:
    facts = Facts()
    facts.consent("ann", at(1, 1))
    spend(facts, "pre_purchase", 40_000, date(2025, 11, 1), date(2025, 11, 30))
    with facts.open(tmp_path) as view:
        found = costs(view, SHOP, date(2025, 11, 1), date(2025, 11, 30), AS_OF)
    assert isinstance(found.first_order, NotEstimable)
    assert found.first_order.code == "too_few_buyers"
