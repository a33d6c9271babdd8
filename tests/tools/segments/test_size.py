from pathlib import Path

import pytest

from memory.domain.segment import Bought, Everyone, SegmentRule
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.segments import SegmentSize, count_many, size

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


def test_many_rules_are_counted_in_one_pass_as_one_by_one(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann", ago(9))
    facts.order("ben", ago(90))
    facts.consent("cat", ago(9), "push")
    rules: dict[str, SegmentRule] = {
        "buyers": Bought(), "lately": Bought(within_days=30), "all": Everyone(), "none": Bought(at_least=9)
    }  # fmt: skip
    with facts.open(tmp_path) as view:
        found = count_many(rules, view, SHOP, AS_OF)
        alone = {name: size(rule, view, SHOP, AS_OF).n_people for name, rule in rules.items()}
    assert found.n_people == alone == {"buyers": 2, "lately": 1, "all": 3, "none": 0}
    assert found.n_all == 3
