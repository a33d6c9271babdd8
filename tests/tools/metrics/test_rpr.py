from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.metrics import Rpr, new_buyers, rpr

pytestmark = pytest.mark.slow


def rate(facts: Facts, root: Path, within_days: int = 30, as_of: datetime = AS_OF) -> Rpr | NotEstimable:
    with facts.open(root) as view:
        members = new_buyers(view, SHOP, ago(365), ago(60), as_of)
        return rpr(view, SHOP, members, within_days, as_of)


def test_s1_48_rpr_is_the_share_computed_by_hand(tmp_path: Path) -> None:
    facts = Facts()
    for person in ("back", "twice", "never", "late", "refunded"):
        facts.order(person, ago(100))
    facts.order("back", ago(80))
    facts.order("twice", ago(90))
    facts.order("twice", ago(85))
    facts.order("late", ago(69))
    facts.order("refunded", ago(90), subtotal_minor=5000, refunded_minor=5000)
    facts.order("known", ago(400))
    facts.order("known", ago(90))
    found = rate(facts, tmp_path)
    assert isinstance(found, Rpr)
    assert (found.n_people, found.n_repeat, found.rate.estimate) == (5, 2, 0.4)
    assert found.rate.low < 0.4 < found.rate.high


def test_s1_48_a_partly_refunded_order_is_a_return_and_one_of_the_same_day_is_not(tmp_path: Path) -> None:
    facts = Facts()
    noon = datetime(2025, 9, 1, 12, tzinfo=UTC)
    for person in ("partly", "same_day", "next_day"):
        facts.order(person, noon)
    facts.order("partly", noon + timedelta(days=9), subtotal_minor=5000, refunded_minor=4000)
    facts.order("same_day", noon + timedelta(hours=9))  # 23:00 in Berlin
    facts.order("next_day", noon + timedelta(hours=11))  # 01:00 in Berlin
    found = rate(facts, tmp_path)
    assert isinstance(found, Rpr)
    assert (found.n_people, found.n_repeat) == (3, 2)


def test_s1_48_the_last_day_of_the_window_counts_and_the_next_does_not(tmp_path: Path) -> None:
    facts = Facts()
    noon = datetime(2025, 9, 1, 12, tzinfo=UTC)
    for person, days in (("last", 30), ("after", 31)):
        facts.order(person, noon)
        facts.order(person, noon + timedelta(days=days))
    found = rate(facts, tmp_path)
    assert isinstance(found, Rpr)
    assert found.n_repeat == 1


@pytest.mark.parametrize(("within_days", "code"), [(60, None), (61, "window_open")])
def test_an_open_window_is_not_estimable(within_days: int, code: str | None, tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", datetime(2025, 11, 1, 12, tzinfo=UTC))
    as_of = datetime(2025, 12, 31, 23, tzinfo=UTC)  # midnight in Berlin: 60 days after 1 November are over
    found = rate(facts, tmp_path, within_days, as_of)
    assert (found.code if isinstance(found, NotEstimable) else None) == code


def test_an_empty_cohort_is_not_estimable(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("recent", ago(3))
    found = rate(facts, tmp_path)
    assert isinstance(found, NotEstimable)
    assert found.code == "too_few_people"
