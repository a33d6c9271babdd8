"""Predicted CLV: apart from historic, in one currency, with its interval and its own past beside it."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.predictions.clv import PEOPLE_SCHEMA, Backtest, predict_clv
from tools.predictions.histories import histories

pytestmark = pytest.mark.slow


def shop_facts(n: int = 90) -> Facts:
    """Loyal people buy often and dear, the others once; loyal ones pay in dollars at half a euro."""
    facts, generator = Facts(), np.random.default_rng(4)
    facts.add("rates", ago(900), base="USD", quote="EUR", rate_on=ago(900).date(), rate_text="0.5")
    for number in range(n):
        first = 400 + float(generator.uniform(0, 60))
        is_loyal = number % 3 == 0
        gaps = np.cumsum(generator.exponential(60, 8 if is_loyal else 0))
        days = [first, *(first - float(gap) for gap in gaps if gap < first - 1)]
        for day in days:
            sums = {"subtotal_minor": 20_000, "currency": "USD"} if is_loyal else {"subtotal_minor": 3_000}
            facts.order(f"{'loyal' if is_loyal else 'once'}{number:02d}", ago(day), **sums)
    return facts


def test_s1_49_predicted_stands_beside_historic_in_the_shops_currency_with_an_interval(tmp_path: Path) -> None:
    with shop_facts().open(tmp_path) as view:
        found = predict_clv(view, SHOP, AS_OF, margin_rate=0.4)
        again = predict_clv(view, SHOP, AS_OF, margin_rate=0.4)
    assert not isinstance(found, NotEstimable)
    assert not isinstance(again, NotEstimable)
    summary, people = found.summary, found.people
    assert people.schema == PEOPLE_SCHEMA
    assert people.equals(again.people)
    assert (summary.n_people, summary.currency) == (90, "EUR")
    assert summary.is_shrunk
    assert 0 < summary.mean_minor.low < summary.mean_minor.estimate < summary.mean_minor.high
    margin = summary.margin_mean_minor
    assert isinstance(margin, Interval)
    assert margin.estimate == pytest.approx(0.4 * summary.mean_minor.estimate)
    rows = people.to_pylist()
    expected = {row["person_id"]: row["expected_minor"] for row in rows}
    loyal = [value for person, value in expected.items() if person.startswith("loyal")]
    others = [value for person, value in expected.items() if person.startswith("once")]
    assert np.mean(loyal) > 5 * np.mean(others)
    assert all(row["low_minor"] <= row["expected_minor"] <= row["high_minor"] for row in rows)
    assert all(row["historic_minor"] != round(row["expected_minor"]) for row in rows)
    due = {row["person_id"]: row["next_on"] for row in rows}
    soon = [on for person, on in due.items() if person.startswith("loyal") and on is not None]
    assert soon and all(AS_OF.date() < on for on in soon)
    assert all(on is None for person, on in due.items() if person.startswith("once"))
    assert 0 < summary.n_due_30d < summary.n_alive
    assert [one.fifth for one in summary.fifths] == [5, 4, 3, 2, 1]
    assert sum(one.n_people for one in summary.fifths) == 90


def test_s1_49_dollars_count_at_their_dated_rate(tmp_path: Path) -> None:
    with shop_facts().open(tmp_path) as view:
        rows = histories(view, SHOP, AS_OF).to_pylist()
    loyal = next(row for row in rows if row["person_id"].startswith("loyal") and row["n_again"])
    assert loyal["again_minor"] == 10_000
    assert loyal["historic_minor"] == 10_000 * (loyal["n_again"] + 1)


def test_s1_49_the_past_is_predicted_without_looking_ahead(tmp_path: Path) -> None:
    """Planted: somebody buys a hundred times after the day the check is fitted on."""
    facts = shop_facts()
    with facts.open(tmp_path / "a") as view:
        before = predict_clv(view, SHOP, AS_OF, horizon_days=100)
    for day in range(95):
        facts.order("loyal00", ago(day + 0.5), subtotal_minor=500)
    with facts.open(tmp_path / "b") as view:
        after = predict_clv(view, SHOP, AS_OF, horizon_days=100)
    assert not isinstance(before, NotEstimable)
    assert not isinstance(after, NotEstimable)
    was, now = before.summary.check, after.summary.check
    assert isinstance(was, Backtest)
    assert isinstance(now, Backtest)
    assert now.predicted_orders == pytest.approx(was.predicted_orders)
    assert now.actual_orders > was.actual_orders + 80


def test_s1_49_too_few_buyers_give_a_reason_instead_of_a_figure(tmp_path: Path) -> None:
    facts = Facts()
    for number in range(40):
        facts.order(f"p{number}", ago(100))
    with facts.open(tmp_path) as view:
        found = predict_clv(view, SHOP, AS_OF)
        nobody = predict_clv(view, SHOP, AS_OF - timedelta(days=300))
    assert isinstance(found, NotEstimable)
    assert "0 of whom bought on a second day" in found.message
    assert isinstance(nobody, NotEstimable)
