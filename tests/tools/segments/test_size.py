from pathlib import Path

import pytest

from memory.domain.segment import Bought, Everyone
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.segments import SegmentSize, size

pytestmark = pytest.mark.slow


def test_size_counts_people_buyers_reach_and_money(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", ago(9), subtotal_minor=1000)
    facts.order("ben", ago(9), subtotal_minor=3000)
    facts.consent("ann", ago(9))
    facts.consent("cat", ago(9), "push")
    with facts.open(tmp_path) as view:
        buyers = size(Bought(), view, SHOP, AS_OF, n_examples=1)
        everyone = size(Everyone(), view, SHOP, AS_OF, n_examples=0)
        nobody = size(Bought(at_least=9), view, SHOP, AS_OF)
    reach = {"email": 1, "sms": 0, "push": 0}
    assert buyers == SegmentSize(
        n_people=2, n_all=3, n_reachable=reach, n_buyers=2, revenue_minor=4000, examples=("ben",)
    )
    assert (everyone.n_people, everyone.n_buyers, everyone.examples) == (3, 2, ())
    assert (nobody.n_people, nobody.revenue_minor, nobody.examples) == (0, 0, ())
