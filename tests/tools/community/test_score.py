"""S1-32: a candidate's score is the sum of counted facts, each with its points; friends' orders count since the yes."""

from pathlib import Path

import pyarrow as pa
import pytest

from memory.store.ambassadors import SINCE_SCHEMA
from memory.store.challenges import ACCEPTED_SCHEMA
from tests.factories.facts import SHOP, Facts
from tests.tools.loyalty.programme import AS_OF, a_programme, at, joined
from tools.community.score import TERMS, referred_orders, scores

pytestmark = pytest.mark.slow


@pytest.fixture
def facts() -> Facts:
    """Ann: two orders, gold, a photo, a friend who came and one who did not. Ben: one order, known by two records."""
    found = Facts()
    joined(found, "ann")
    for day in (1, 2):
        found.order("ann", at(day), subtotal_minor=20_000)
    found.event("ann", at(3), "photo_review")
    found.order("ben", at(1))
    found.referral("ann", "fay", at(10))
    found.referral("ann", "gus", at(10))
    found.referral("ann", "ben", at(10))  # had bought before
    found.order("fay", at(12), subtotal_minor=7_000)
    found.order("fay", at(14), subtotal_minor=3_000)
    return found


def made(*people: str) -> pa.Table:
    rows = [{"maker_id": person, "submission_id": f"s{number}"} for number, person in enumerate(people)]
    return pa.Table.from_pylist(rows, ACCEPTED_SCHEMA)


def test_s1_32_every_term_is_counted_and_adds_its_points(facts: Facts, tmp_path: Path) -> None:
    with facts.open(tmp_path, (("ben2", "ben"),)) as view:
        found = scores(view, SHOP, a_programme(), made("ann", "ben2", "ben"), AS_OF)
        rows = {row["person_id"]: row for row in found.to_pyarrow().to_pylist()}
    assert set(rows) == {"ann", "ben", "fay"}
    counted = {
        name: rows["ann"][f"n_{name}"] for name in ("orders", "tier", "photo_reviews", "referrals", "submissions")
    }
    assert counted == {"orders": 2, "tier": 2, "photo_reviews": 1, "referrals": 1, "submissions": 1}
    assert rows["ann"]["score"] == 2 * 5 + 2 * 10 + 10 + 20 + 15
    assert rows["ben"]["score"] == 5 + 2 * 15
    assert rows["fay"]["score"] == 2 * 5


def test_s1_32_more_of_one_thing_than_counts_adds_nothing(facts: Facts, tmp_path: Path) -> None:
    for _ in range(12):
        facts.event("ben", at(3), "photo_review")
    most = next(one for one in TERMS if one.id == "photo_reviews")
    with facts.open(tmp_path) as view:
        found = scores(view, SHOP, None, made(), AS_OF)
        (row,) = found.filter(found.person_id == "ben").to_pyarrow().to_pylist()
    assert (row["n_photo_reviews"], row["n_tier"]) == (12, 0)
    assert row["score"] == 5 + most.most * most.points_each


def test_s1_32_friends_orders_count_from_the_yes_on(facts: Facts, tmp_path: Path) -> None:
    def read(day: int) -> list[tuple[int, int, int]]:
        since = pa.Table.from_pylist([{"ambassador_id": "ann", "since_at": at(day)}], SINCE_SCHEMA)
        with facts.open(tmp_path / str(day)) as view:
            rows = referred_orders(view, SHOP, since, AS_OF).to_pyarrow().to_pylist()
        return [(row["n_friends"], row["n_orders"], row["net_minor"]) for row in rows]

    assert read(9) == [(1, 2, 10_000)]
    assert read(11) == [(0, 0, 0)]
