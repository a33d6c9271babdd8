from pathlib import Path

import pytest

from memory.domain.money import MissingRate
from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.metrics import ClvHistoric, clv_historic, new_buyers

pytestmark = pytest.mark.slow


def test_s1_49_historic_clv_is_net_revenue_per_customer_in_one_currency(tmp_path: Path) -> None:
    facts = Facts()
    facts.add("rates", ago(400), base="USD", quote="EUR", rate_on=ago(400).date(), rate_text="0.5")
    facts.order("ann", ago(90), subtotal_minor=10_000, refunded_minor=2_000)
    facts.order("ann", ago(9), subtotal_minor=4_000, currency="USD")
    facts.order("ben", ago(9), subtotal_minor=2_000)
    facts.order("gone", ago(9), subtotal_minor=2_000, refunded_minor=2_000)
    with facts.open(tmp_path) as view:
        found = clv_historic(view, SHOP, AS_OF)
        recent = clv_historic(view, SHOP, AS_OF, members=new_buyers(view, SHOP, ago(30), AS_OF, AS_OF))
    assert isinstance(found, ClvHistoric)
    assert (found.n_people, found.revenue_minor, found.mean_minor.estimate) == (2, 12_000, 6_000)
    assert found.mean_minor.low < 6_000 < found.mean_minor.high
    assert found.currency == "EUR"
    assert isinstance(recent, NotEstimable)


def test_s1_49_a_currency_without_a_rate_is_an_error_and_no_guess(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", ago(9), currency="USD")
    with facts.open(tmp_path) as view, pytest.raises(MissingRate, match="USD"):
        clv_historic(view, SHOP, AS_OF)
