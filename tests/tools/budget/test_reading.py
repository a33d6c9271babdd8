from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from memory.domain.money import MissingRate
from memory.lake.view import LakeView
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.budget.reading import budget_audit


def ledger(facts: Facts, stage: str, amount: int, **values: object) -> None:
    number = len(facts.rows.get("spend", ()))
    given = {"period_start": date(2025, 10, 1), "period_end": date(2025, 12, 29), "channel": f"c{number}", **values}
    facts.add("spend", ago(90), stage=stage, amount_minor=amount, **given)


@pytest.fixture
def view(tmp_path: Path) -> Iterator[LakeView]:
    facts = Facts()
    ledger(facts, "pre_purchase", 92_000, n_new_customers=100, effort_hours=30.0)
    ledger(facts, "post_purchase", 8_000, effort_hours=10.0)
    ledger(facts, "pre_purchase", 500_000, period_start=date(2025, 4, 1), period_end=date(2025, 6, 30))
    with facts.open(tmp_path) as found:
        yield found


def test_s1_45_s1_52_the_newest_ninety_days_are_split(view: LakeView) -> None:
    audit = budget_audit(view, SHOP, AS_OF)
    assert (audit.pre_minor, audit.post_minor, audit.post_share_rate) == (92_000, 8_000, 0.08)
    assert audit.exceeds_finding is True
    assert audit.risk_band == "very_high"
    assert audit.acquisition_cost_minor == 920
    assert [channel.channel for channel in audit.channels] == ["c0", "c1"]


def test_s1_34_effort_is_recorded_beside_the_money(view: LakeView) -> None:
    assert budget_audit(view, SHOP, AS_OF).effort_share_rate == 0.25


def test_without_a_ledger_nothing_is_claimed(tmp_path: Path) -> None:
    with Facts().open(tmp_path) as empty:
        audit = budget_audit(empty, SHOP, AS_OF)
    assert (audit.post_share_rate, audit.risk_band, audit.exceeds_finding) == (None, "unknown", None)
    assert len(audit.items) == 3


def test_money_without_a_rate_is_an_error_not_a_guess(tmp_path: Path) -> None:
    facts = Facts()
    ledger(facts, "pre_purchase", 5, currency="USD")
    with facts.open(tmp_path) as view, pytest.raises(MissingRate, match="USD"):
        budget_audit(view, SHOP, AS_OF)
