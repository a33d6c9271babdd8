"""S1-30: what communities came to: people in and out, invitations by page and message, and who is withheld."""

from datetime import timedelta

import pyarrow as pa
import pytest

from agent.community import CommunityActivity, activity
from agent.community.activity import CommunityCount, MailCount
from memory.domain.community import Community
from memory.domain.segment import Bought
from memory.domain.standing import CORE
from memory.lake.lake import Lake
from memory.store.assignments import ARMS_SCHEMA
from memory.store.communities import COMMUNITY
from memory.store.engine import Store
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.factories.sends import a_send
from tests.tools.loyalty.programme import AS_OF, at
from tools.facts import open_facts

pytestmark = pytest.mark.slow
BERLIN = Community(
    id="berlin", market="DE", platform="line", name="Runners", link="https://line.me/R/ti/g/1", rule=Bought(at_least=1)
)


def read(store: Store, lake: Lake) -> CommunityActivity:
    with store.read() as uow, open_facts(store, lake, [SHOP.shop_id]) as view:
        return activity(view, uow, SHOP, AS_OF)


def test_s1_30_who_joined_left_and_came_back_is_counted_once(store: Store, lake: Lake) -> None:
    facts = Facts()
    moves = (
        ("ann", 3, True),
        ("ann", 4, False),
        ("ann", 5, True),
        ("ben", 3, True),
        ("ben", 6, False),
        ("cleo", 4, True),
    )
    for person, day, is_member in moves:
        facts.add("community_memberships", at(day), subject_id=person, community_id="berlin", is_member=is_member)
    later = AS_OF + timedelta(days=1)
    facts.add("community_memberships", later, subject_id="dan", community_id="berlin", is_member=True)
    facts.add("community_memberships", at(4), subject_id="eve", community_id="old", is_member=True)
    settle(store, lake, facts, AS_OF)
    found = read(store, lake)
    assert found.communities == (
        CommunityCount(community_id="berlin", n_joined=3, n_in=2, n_left=1, n_shown=0),
        CommunityCount(community_id="old", n_joined=1, n_in=1, n_left=0, n_shown=0),
    )
    assert [(one.person_id, one.is_member) for one in found.moves[:2]] == [("ben", False), ("ann", True)]
    assert len(found.moves) == 7 and found.as_of == AS_OF


def test_s1_30_invitations_are_counted_by_market_with_why_they_stayed(store: Store, lake: Lake) -> None:
    settle(store, lake, Facts(), AS_OF)
    rows = (
        ("k1", "DE", "sent", ""),
        ("k2", "DE", "planned", ""),
        ("k3", "DE", "claimed", ""),
        ("k4", "FR", "unknown", ""),
        ("k5", "FR", "failed", "bounced"),
        ("k6", "FR", "suppressed", "in_community"),
    )
    with store.unit_of_work() as uow:
        uow.communities.put(SHOP.shop_id, BERLIN, "mia", AS_OF)
        uow.communities.show(SHOP.shop_id, "berlin", "ann", AS_OF)
        for key, market, state, reason in rows:
            kind = {"message_kind": COMMUNITY, "market": market, "state": state, "reason": reason}
            a_send(uow, SHOP.shop_id, key, key, "email", at(5), **kind)
        a_send(uow, SHOP.shop_id, "other", "ann", "email", at(5), market="DE")
    found = read(store, lake)
    assert [(one.community_id, one.n_shown) for one in found.communities] == [("berlin", 1)]
    assert found.mails == (
        MailCount(market="DE", n_waiting=2, n_sent=1, n_unknown=0, n_failed=0, held_back={}),
        MailCount(market="FR", n_waiting=0, n_sent=0, n_unknown=1, n_failed=1, held_back={"in_community": 1}),
    )


def test_s1_30_whom_the_standing_core_withholds_is_counted(store: Store, lake: Lake) -> None:
    settle(store, lake, Facts(), AS_OF)
    people = [
        {"person_id": name, "cohort": "first_time", "arm": arm}
        for name, arm in (("ann", "control"), ("ben", "treated"))
    ]
    with store.unit_of_work() as uow:
        uow.assignments.put(SHOP.shop_id, CORE, pa.Table.from_pylist(people, ARMS_SCHEMA))
    assert read(store, lake).n_withheld == 1
