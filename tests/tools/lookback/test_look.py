from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from memory.domain.errors import NotReady
from memory.domain.outcome import NotEstimable
from tests.factories.facts import SHOP, Facts
from tools.cohorts import bfcm
from tools.lookback import LookBack, SecondOrderWindow, look_back
from tools.metrics import CostPer, Rpr

pytestmark = pytest.mark.slow

PEAK = bfcm(2024)
IN_PEAK = datetime(2024, 11, 30, 12, tzinfo=UTC)
AS_OF = datetime(2025, 9, 1, tzinfo=UTC)


def a_peak() -> Facts:
    """40 new buyers in DE and 10 in FR; of the first, n come back after n days for n = 1..20."""
    facts = Facts()
    facts.add("products", IN_PEAK, sku="shoe", title="Running shoe", category="running")
    facts.order("known", IN_PEAK - timedelta(days=90))
    facts.order("known", IN_PEAK)
    for number in range(40):
        facts.order(f"de{number}", IN_PEAK, {"sku": "shoe"}, {"sku": f"odd{number}"}, subtotal_minor=1000)
    for number in range(10):
        facts.order(f"fr{number}", IN_PEAK, {"sku": "hat", "category": None}, market="FR")
    for number in range(1, 21):
        facts.order(f"de{number}", IN_PEAK + timedelta(days=number), subtotal_minor=2000)
    facts.order("late", AS_OF - timedelta(days=30))
    return facts


def look(facts: Facts, root: Path, as_of: datetime = AS_OF) -> LookBack:
    with facts.open(root) as view:
        return look_back(view, SHOP, PEAK, as_of)


def test_it_counts_who_came_who_returned_and_who_never_did(tmp_path: Path) -> None:
    found = look(a_peak(), tmp_path)
    assert (found.n_buyers, found.n_new, found.n_never) == (51, 50, 30)
    rates = [one.rate.estimate for one in found.came_back if isinstance(one, Rpr)]
    assert rates == [0.4, 0.4, 0.4]
    assert [step.n_people for step in found.curve] == [50, 20, 0, 0, 0]


def test_the_window_closes_on_the_day_by_which_four_fifths_had_come(tmp_path: Path) -> None:
    window = look(a_peak(), tmp_path).window
    assert isinstance(window, SecondOrderWindow)
    assert (window.days, window.day_half, window.day_80) == (180, 10, 16)
    assert (window.cumulative[0], window.cumulative[7], window.cumulative[-1]) == (0, 7, 20)


def test_groups_show_n_and_interval_and_small_ones_are_hidden(tmp_path: Path) -> None:
    found = look(a_peak(), tmp_path)
    assert (found.breed_days, found.breed_rate) == (180, 0.4)
    product = found.products.shown[0]
    assert (product.name, product.n_people, product.n_repeat) == ("Running shoe", 40, 20)
    assert product.rate.low < 0.5 < product.rate.high
    assert (len(found.products.shown), found.products.n_hidden) == (1, 41)
    assert [one.name for one in found.categories.shown] == ["running"]
    assert ([one.name for one in found.markets.shown], found.markets.n_hidden) == (["DE"], 1)


def test_money_is_split_at_the_end_of_the_first_day(tmp_path: Path) -> None:
    found = look(a_peak(), tmp_path)
    assert (found.revenue_first_minor, found.revenue_later_minor) == (40 * 1000 + 10 * 5000, 20 * 2000)
    assert found.point_worth_minor == 1000  # half a person who brought 2000 more


def test_s1_64_the_second_order_stands_beside_the_first_from_the_ledger(tmp_path: Path) -> None:
    facts = a_peak()
    for stage, amount in (("pre_purchase", 50_000), ("post_purchase", 4_000)):
        period = {"period_start": PEAK.from_on, "period_end": date(2024, 12, 31)}
        facts.add("spend", IN_PEAK, stage=stage, amount_minor=amount, **period)
    found = look(facts, tmp_path).costs
    assert isinstance(found.first_order, CostPer)
    assert isinstance(found.second_order, CostPer)
    assert (found.first_order.cost_minor, found.second_order.cost_minor) == (
        1000,
        190,
    )  # 50 first and 21 second orders: one of a known buyer


def test_without_a_ledger_the_costs_are_not_estimable(tmp_path: Path) -> None:
    costs = look(a_peak(), tmp_path).costs
    assert isinstance(costs.first_order, NotEstimable)
    assert costs.ratio is None


def test_windows_are_open_where_the_orders_end_and_not_at_the_clock(tmp_path: Path) -> None:
    facts = a_peak()
    facts.rows["orders"].pop()  # the last known order is now 20 days after the peak
    found = look(facts, tmp_path)
    assert found.read_until == IN_PEAK + timedelta(days=20)
    assert [isinstance(one, NotEstimable) for one in found.came_back] == [True, True, True]
    assert (found.breed_days, found.products.shown) == (None, ())
    assert isinstance(found.window, SecondOrderWindow)
    assert found.window.days == 17


def test_a_peak_without_new_buyers_names_the_remedy(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("known", IN_PEAK - timedelta(days=90))
    facts.order("known", IN_PEAK)
    with pytest.raises(NotReady, match="Import the orders of the peak"):
        look(facts, tmp_path)
