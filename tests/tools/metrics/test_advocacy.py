from pathlib import Path

import pytest

from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.metrics import advocacy

pytestmark = pytest.mark.slow


def a_shop(n_each: int) -> Facts:
    facts = Facts()
    for number in range(n_each):
        facts.order(f"loyal{number}", ago(200))
        facts.order(f"loyal{number}", ago(120))
        facts.order(f"once{number}", ago(150))
    return facts


def share(facts: Facts, who: str, friend: str, days: float) -> None:
    facts.add("referrals", ago(days), subject_id=friend, referrer_subject_id=who)


def test_s1_05_shares_and_good_reviews_per_loyal_and_ordinary_customer_with_the_shops_own_multiple(
    tmp_path: Path,
) -> None:
    facts = a_shop(40)
    for number in range(12):
        share(facts, f"loyal{number % 6}", f"friend{number}", 30)
    for number in range(4):
        share(facts, f"once{number}", f"other{number}", 30)
    share(facts, "once9", "once9", 30)  # recommended themselves
    share(facts, "once8", "early", 100)  # before the period
    for number, stars in enumerate((5, 4, 3, None)):
        facts.event(f"loyal{number}", ago(20), "review", value=stars)
    facts.event("once0", ago(20), "review", value=5)
    facts.order("once7", ago(40))  # comes back within the period: still ordinary for it
    share(facts, "once7", "late", 10)
    with facts.open(tmp_path) as view:
        found = advocacy(view, SHOP, ago(90), AS_OF)
    assert (found.loyal.n_people, found.loyal.n_shares, found.loyal.n_good_reviews) == (40, 12, 2)
    assert (found.ordinary.n_people, found.ordinary.n_shares, found.ordinary.n_good_reviews) == (40, 5, 1)
    assert isinstance(found.loyal.shares_each, Interval)
    assert found.loyal.shares_each.low < found.loyal.shares_each.estimate == 0.3 < found.loyal.shares_each.high
    assert found.share_multiple == pytest.approx(12 / 5)
    assert found.review_multiple == pytest.approx(2.0)
    assert found.claimed_multiple == 9.0, "an assumption beside the shop's own figure"


def test_s1_05_without_ordinary_shares_or_with_few_people_there_is_no_multiple(tmp_path: Path) -> None:
    facts = a_shop(40)
    share(facts, "loyal1", "friend", 30)
    with facts.open(tmp_path / "none") as view:
        found = advocacy(view, SHOP, ago(90), AS_OF)
    assert (found.loyal.n_shares, found.share_multiple) == (1, None)
    with a_shop(5).open(tmp_path / "few") as view:
        few = advocacy(view, SHOP, ago(90), AS_OF)
    assert isinstance(few.loyal.shares_each, NotEstimable) and few.share_multiple is None
