from pathlib import Path

import pytest

from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.metrics import Aov, aov, aov_by_loyalty

pytestmark = pytest.mark.slow


def test_s2_59_aov_is_revenue_over_orders_net_of_refunds_without_tax_and_shipping(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", ago(9), subtotal_minor=6000, refunded_minor=1000, shipping_minor=900, tax_minor=700)
    facts.order("ben", ago(8), subtotal_minor=2000)
    facts.order("ben", ago(7), subtotal_minor=9000, is_cancelled=True)
    facts.order("ben", ago(6), subtotal_minor=9000, refunded_minor=9000)
    facts.order("ben", ago(40), subtotal_minor=9000)
    with facts.open(tmp_path) as view:
        found = aov(view, SHOP, ago(30), AS_OF)
        none = aov(view, SHOP, ago(5), AS_OF)
    assert isinstance(found, Aov)
    assert (found.n_orders, found.revenue_minor, found.aov_minor.estimate) == (2, 7000, 3500.0)
    assert "net of refunds, without tax and shipping" in found.rule
    assert isinstance(none, NotEstimable)


def test_s1_04_baskets_of_new_and_returning_customers_stand_beside_the_claim(tmp_path: Path) -> None:
    facts = Facts()
    for person in ("ann", "ben"):
        facts.order(person, ago(20), subtotal_minor=2000)
        facts.order(person, ago(9), subtotal_minor=3000)
    with facts.open(tmp_path) as view:
        found = aov_by_loyalty(view, SHOP, ago(30), AS_OF)
    assert isinstance(found.new, Aov)
    assert isinstance(found.returning, Aov)
    assert (found.new.aov_minor.estimate, found.returning.aov_minor.estimate) == (2000, 3000)
    assert found.ratio == pytest.approx(1.5)
    assert found.claimed_ratio == pytest.approx(1.67)
