from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts
from tools.metrics import CostPer, Spread, cost_trend

pytestmark = pytest.mark.slow
MONTHS = {9: 30, 10: 31, 11: 30}


def a_shop(months: dict[int, tuple[int, int]]) -> Facts:
    """Two first orders in each month, one second order in the next; spend before and after the purchase per month."""
    facts = Facts()
    for month, (before, after) in months.items():
        for person in ("a", "b"):
            facts.order(f"{person}{month}", datetime(2025, month, 3, 12, tzinfo=UTC))
        facts.order(f"a{month}", datetime(2025, month, 20, 12, tzinfo=UTC))
        for stage, amount in (("pre_purchase", before), ("post_purchase", after)):
            facts.add(
                "spend", datetime(2025, month, 1, tzinfo=UTC), stage=stage, amount_minor=amount,
                period_start=date(2025, month, 1), period_end=date(2025, month, MONTHS[month]),
            )  # fmt: skip
    return facts


def test_s1_06_variance_of_both_costs_over_three_months_is_what_hand_arithmetic_gives(tmp_path: Path) -> None:
    with a_shop({9: (2_000, 500), 10: (6_000, 500), 11: (10_000, 800)}).open(tmp_path) as view:
        found = cost_trend(view, SHOP, AS_OF, 4)
    assert [one.from_on.month for one in found.periods] == [9, 10, 11, 12]
    first = [one.costs.first_order for one in found.periods]
    assert [one.cost_minor if isinstance(one, CostPer) else None for one in first] == [1_000, 3_000, 5_000, None]
    assert isinstance(found.acquisition, Spread) and isinstance(found.maintenance, Spread)
    assert found.acquisition.n_periods == 3
    assert (found.acquisition.mean_minor, found.acquisition.variance_minor2) == (3_000, 4_000_000)
    assert found.acquisition.variation == pytest.approx(2 / 3)
    assert (found.maintenance.mean_minor, found.maintenance.variance_minor2) == (600, 30_000)
    assert found.is_acquisition_more_volatile is True


def test_s1_06_two_periods_give_no_variance_and_the_claim_is_not_taken_for_granted(tmp_path: Path) -> None:
    with a_shop({10: (6_000, 500), 11: (10_000, 800)}).open(tmp_path / "two") as view:
        found = cost_trend(view, SHOP, AS_OF)
    assert isinstance(found.acquisition, NotEstimable) and "2 periods" in found.acquisition.message
    assert found.is_acquisition_more_volatile is None
    with a_shop({9: (4_000, 100), 10: (4_000, 900), 11: (4_000, 300)}).open(tmp_path / "other") as view:
        assert cost_trend(view, SHOP, AS_OF).is_acquisition_more_volatile is False
