"""S1-30: who may be invited to a community follows from its market and its rule or tier; who is in it is not."""

from pathlib import Path

import pytest

from memory.domain.community import Community
from memory.domain.errors import InvalidInput
from memory.domain.loyalty import LoyaltyProgramme
from memory.domain.segment import AllOf, Bought, Compare
from tests.factories.facts import SHOP, Facts
from tests.tools.loyalty.programme import AS_OF, a_programme, at, joined
from tools.community import eligible, in_community_at, needs_everybody

pytestmark = pytest.mark.slow
TWICE = Bought(at_least=2)
BY_RULE = Community(
    id="berlin", market="DE", platform="facebook", name="Runners", link="https://fb.com/g/1", rule=TWICE
)
BY_TIER = BY_RULE.model_copy(update={"rule": None, "min_tier": "silver"})


def told(facts: Facts, person: str, day: int, is_member: bool = True, community: str = "berlin") -> None:
    facts.add("community_memberships", at(day), subject_id=person, community_id=community, is_member=is_member)


@pytest.fixture
def facts() -> Facts:
    """Ann and ben bought twice here, cleo once, and zoe twice abroad."""
    found = Facts()
    for person, n, market in (("ann", 2, "DE"), ("ben", 2, "DE"), ("cleo", 1, "DE"), ("zoe", 2, "FR")):
        for day in range(1, n + 1):
            found.order(person, at(day), market=market)
    return found


def who(
    facts: Facts, root: Path, community: Community, programme: LoyaltyProgramme | None = None, **moved: str
) -> list[str]:
    with facts.open(root, tuple(moved.items())) as view:
        rows = eligible(view, SHOP, community, programme, AS_OF)
        found: list[str] = rows.order_by("person_id").to_pyarrow()["person_id"].to_pylist()
    return found


def test_s1_30_a_rule_names_people_of_the_market_alone(facts: Facts, tmp_path: Path) -> None:
    assert who(facts, tmp_path, BY_RULE) == ["ann", "ben"]


def test_s1_30_a_tier_names_members_from_it_on(facts: Facts, tmp_path: Path) -> None:
    joined(facts, "ann", "cleo", "zoe")
    assert who(facts, tmp_path, BY_TIER, a_programme()) == ["ann"]


@pytest.mark.parametrize("programme", [None, a_programme()])
def test_s1_30_a_tier_that_the_programme_lacks_is_refused(
    facts: Facts, tmp_path: Path, programme: LoyaltyProgramme | None
) -> None:
    with pytest.raises(InvalidInput, match="no tier platinum"):
        who(facts, tmp_path, BY_TIER.model_copy(update={"min_tier": "platinum"}), programme)


def test_s1_30_who_is_in_it_is_not_invited_until_they_leave(facts: Facts, tmp_path: Path) -> None:
    told(facts, "ann", 3)
    told(facts, "ben", 3)
    told(facts, "ben", 4, is_member=False)
    assert who(facts, tmp_path, BY_RULE) == ["ben"]


def test_s1_30_another_community_and_a_later_joining_do_not_count(facts: Facts, tmp_path: Path) -> None:
    told(facts, "ann", 3, community="paris")
    facts.add("community_memberships", at(2, month=3), subject_id="ben", community_id="berlin", is_member=True)
    assert who(facts, tmp_path, BY_RULE) == ["ann", "ben"]


def test_s1_30_an_account_of_somebody_in_it_is_in_it(facts: Facts, tmp_path: Path) -> None:
    told(facts, "old", 3)
    assert who(facts, tmp_path, BY_RULE, old="ann") == ["ben"]


def test_s1_30_who_joined_again_is_in_it_since_the_first_time(facts: Facts, tmp_path: Path) -> None:
    for day, is_member in ((3, True), (4, False), (5, True)):
        told(facts, "ann", day, is_member)
    with facts.open(tmp_path) as view:
        rows = in_community_at(view, SHOP, AS_OF).to_pyarrow().to_pylist()
    assert [(row["member_id"], row["community_id"], row["joined_at"]) for row in rows] == [("ann", "berlin", at(3))]


def test_s1_30_a_rank_among_everybody_needs_everybody() -> None:
    best = Compare(attribute="m_quintile", test="eq", value=5)
    assert [needs_everybody(rule) for rule in (None, TWICE, AllOf(of=(TWICE, best)))] == [False, False, True]
