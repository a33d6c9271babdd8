from hypothesis import given
from hypothesis import strategies as st

from memory.domain.money import Money
from memory.domain.plan import BUCKETS
from tests.factories.planning import eur
from tools.budget.allocation import Infeasible, allocate, largest_remainder


@given(st.integers(0, 10**12), st.lists(st.floats(0.001, 1), min_size=4, max_size=4))
def test_s1_55_the_four_buckets_sum_to_the_last_cent(total: int, weights: list[float]) -> None:
    parts = largest_remainder(total, dict(zip(BUCKETS, weights, strict=True)))
    assert sum(parts.values()) == total
    assert all(part >= 0 for part in parts.values())


def test_s1_55_sends_are_paid_first_and_the_rest_is_split() -> None:
    lines = allocate(Money(amount_minor=1001, currency="EUR"), {"automation": 1})
    assert not isinstance(lines, Infeasible)
    assert {line.bucket: line.amount.amount_minor for line in lines} == {
        "loyalty_programme": 300, "automation": 451, "referral": 150, "community_ugc": 100,
    }  # fmt: skip


def test_s1_55_given_shares_are_kept_exactly() -> None:
    lines = allocate(eur(1), {}, {"automation": 1.0})
    assert not isinstance(lines, Infeasible)
    assert [line.amount.amount_minor for line in lines] == [0, 100, 0, 0]


def test_s1_53_every_reason_of_an_impossible_split_is_told() -> None:
    found = allocate(eur(1), {"referral": 40, "automation": 30}, {"loyalty_programme": 1.0})
    assert isinstance(found, Infeasible)
    assert [reason.path for reason in found.reasons] == ["budget.lines.automation", "budget.lines.referral"]
    low = allocate(eur(1), {"automation": 101})
    assert isinstance(low, Infeasible)
    assert low.reasons[0].code == "budget_below_sends"
    torn = allocate(eur(1), {}, {"automation": 0.9})
    assert isinstance(torn, Infeasible)
    assert torn.reasons[0].code == "shares_not_whole"
