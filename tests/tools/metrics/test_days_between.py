from pathlib import Path

import pytest

from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.metrics import DaysBetween, days_between

pytestmark = pytest.mark.slow


def test_gaps_between_orders_have_the_quantiles_computed_by_hand(tmp_path: Path) -> None:
    facts = Facts()
    for number in range(1, 32):
        facts.order(f"p{number}", ago(100))
        facts.order(f"p{number}", ago(100 - number))
        facts.order(f"p{number}", ago(99 - number))
    with facts.open(tmp_path) as view:
        second = days_between(view, SHOP, AS_OF, to_order=2)
        every = days_between(view, SHOP, AS_OF)
        fourth = days_between(view, SHOP, AS_OF, to_order=4)
    assert isinstance(second, DaysBetween)
    assert (second.n_gaps, second.median_days, second.p80_days) == (31, 16.0, 25.0)
    assert isinstance(every, DaysBetween)
    assert (every.n_gaps, every.median_days) == (62, 1.0)
    assert isinstance(fourth, NotEstimable)
