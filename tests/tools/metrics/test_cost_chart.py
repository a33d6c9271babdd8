from pathlib import Path

import pytest

from tests.factories.facts import AS_OF, SHOP
from tools.metrics import cost_trend
from tools.metrics.cost_chart import cost_chart

from .test_cost_trend import a_shop

pytestmark = pytest.mark.slow


def test_s1_06_the_chart_shows_the_variance_of_both_costs_in_both_languages(tmp_path: Path) -> None:
    with a_shop({9: (2_000, 500), 10: (6_000, 500), 11: (10_000, 800)}).open(tmp_path) as view:
        found = cost_trend(view, SHOP, AS_OF, 4)
    svg = cost_chart(found)
    assert "a first order: variation 67%, variance 400.00" in svg
    assert "a second order: variation 29%, variance 3.00" in svg
    assert all(month in svg for month in ("2025-09", "2025-10", "2025-11")) and "NaN" not in svg
    assert "变异系数 67%" in cost_chart(found, "zh")


def test_s1_06_two_periods_show_no_variance(tmp_path: Path) -> None:
    with a_shop({10: (6_000, 500), 11: (10_000, 800)}).open(tmp_path) as view:
        assert cost_chart(cost_trend(view, SHOP, AS_OF)).count("variance unknown") >= 2
