"""S1-30: the page after an order invites who qualifies, once, and never who is in the community."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyarrow as pa
import pytest

from agent.community import (
    community_buyer,
    invite_to_community,
    read_community,
    set_community,
    standing_of,
    who_is_eligible,
)
from memory.domain.community import Community
from memory.domain.errors import InvalidInput, NotFound, NotReady
from memory.domain.segment import Bought, Compare
from memory.domain.standing import CORE
from memory.lake.lake import Lake
from memory.store.assignments import ARMS_SCHEMA
from memory.store.engine import Store
from memory.store.instants import to_micros
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.factories.sends import a_send
from tests.tools.loyalty.programme import AS_OF, a_programme, at

pytestmark = pytest.mark.slow
BERLIN = Community(
    id="berlin", market="DE", platform="line", name="Runners", link="https://line.me/R/ti/g/1",
    rule=Bought(at_least=2),
)  # fmt: skip


@pytest.fixture
def facts() -> Facts:
    """Ann (#1, #2) and ben (#3, #4) bought twice, cleo (#5) once, zoe (#6) in France, and somebody unknown (#7)."""
    found, people = Facts(), ("ann", "ann", "ben", "ben", "cleo", "zoe", None)
    for number, person in enumerate(people, 1):
        found.order(person, at(number), order_ref=f"#{number}", market="FR" if person == "zoe" else "DE")
    found.add("community_memberships", at(20), subject_id="ben", community_id="berlin", is_member=True)
    return found


def stand(store: Store, lake: Lake, facts: Facts, community: Community = BERLIN) -> None:
    settle(store, lake, facts, AS_OF, a_programme())
    with store.unit_of_work() as uow:
        set_community(uow, SHOP, community, "mia", AS_OF)


def ask(store: Store, lake: Lake, order: str) -> str:
    with store.read() as uow:
        found = community_buyer(uow, lake, SHOP, order, AS_OF)
    with store.unit_of_work() as uow:
        made = invite_to_community(uow, SHOP, found, "en", AS_OF)
    assert (made.community is not None) == (made.words is not None) == (made.code == "show")
    return made.code


def test_s1_30_who_qualifies_is_shown_it_once(store: Store, lake: Lake, facts: Facts) -> None:
    stand(store, lake, facts)
    found = [ask(store, lake, f"#{number}") for number in (1, 1, 2, 3, 5, 6, 7)]
    assert found == [
        "show", "already_invited", "already_invited", "in_community", "not_eligible", "no_community", "unknown_buyer",
    ]  # fmt: skip


def test_s1_30_a_rank_is_read_among_everybody(store: Store, lake: Lake, facts: Facts) -> None:
    for number in range(20):
        facts.order(f"p{number}", at(9), subtotal_minor=9_000)
    for rank, expected in ((1, "eligible"), (5, "not_eligible")):
        facts_rule = Compare(attribute="m_quintile", test="eq", value=rank)
        stand(store, lake, facts, BERLIN.model_copy(update={"rule": facts_rule}))
        with store.read() as uow:
            assert standing_of(uow, lake, SHOP, "cleo", AS_OF).code == expected
        facts.rows = {}


def test_s1_30_pages_that_load_at_once_show_it_once(any_store: Store, lake: Lake, facts: Facts) -> None:
    stand(any_store, lake, facts)
    with any_store.read() as uow:
        found = community_buyer(uow, lake, SHOP, "#1", AS_OF)

    def load(_: int) -> str:
        with any_store.unit_of_work() as uow:
            return invite_to_community(uow, SHOP, found, "en", AS_OF).code

    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(load, range(4)))
    assert codes == ["already_invited"] * 3 + ["show"]


def test_s1_30_whom_the_standing_core_withholds_sees_none(store: Store, lake: Lake, facts: Facts) -> None:
    stand(store, lake, facts)
    people = pa.Table.from_pylist([{"person_id": "ann", "cohort": "first_time", "arm": "control"}], ARMS_SCHEMA)
    with store.unit_of_work() as uow:
        uow.assignments.put(SHOP.shop_id, CORE, people)
    assert ask(store, lake, "#1") == "withheld"


def test_s1_30_an_ended_community_invites_nobody(store: Store, lake: Lake, facts: Facts) -> None:
    stand(store, lake, facts)
    with store.read() as uow:
        found = community_buyer(uow, lake, SHOP, "#1", AS_OF)
    with store.unit_of_work() as uow:
        ended = uow.communities.end(SHOP.shop_id, "berlin", AS_OF)
        assert uow.communities.end(SHOP.shop_id, "berlin", AS_OF + timedelta(days=1)) == ended
        assert invite_to_community(uow, SHOP, found, "en", AS_OF).code == "no_community"
    assert ask(store, lake, "#1") == "no_community"
    with store.read() as uow, lake.open(uow.versions.latest().tables, [SHOP.shop_id]) as view:
        assert who_is_eligible(view, uow, SHOP, "berlin", AS_OF, 0, 9).n_all == 0


def test_s1_30_of_a_market_one_community_runs_at_a_time(any_store: Store) -> None:
    with any_store.unit_of_work() as uow:
        uow.shops.add(SHOP)
        set_community(uow, SHOP, BERLIN, "mia", AS_OF)
    other = BERLIN.model_copy(update={"id": "hamburg"})
    with any_store.unit_of_work() as uow:
        with pytest.raises(InvalidInput, match="berlin runs in DE"):
            set_community(uow, SHOP, other, "mia", AS_OF)
        set_community(uow, SHOP, BERLIN.model_copy(update={"name": "Walkers"}), "mia", AS_OF)
        uow.communities.end(SHOP.shop_id, "berlin", AS_OF)
        set_community(uow, SHOP, other, "mia", AS_OF)
        running = uow.communities.of_market(SHOP.shop_id, "DE")
        assert running is not None and running.community.id == "hamburg"
        assert [one.community.name for one in uow.communities.all(SHOP.shop_id)] == ["Walkers", "Runners"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ("link: http://line.me/x", "link"), ("link: javascript:alert(1)", "link"), ("platform: myspace", "platform"),
        ("min_tier: gold", "not both"), ("market: de", "market"),
    ],
)  # fmt: skip
def test_s1_30_a_community_that_cannot_be_is_refused_by_name(changes: str, named: str) -> None:
    lines = {
        "id": "id: berlin", "market": "market: DE", "platform": "platform: line", "name": "name: Runners",
        "link": "link: https://line.me/x", "rule": "rule: {op: bought, at_least: 2}",
    }  # fmt: skip
    assert read_community("\n".join(lines.values())).platform == "line"
    wrong = {**lines, changes.split(":")[0]: changes}
    with pytest.raises(InvalidInput, match=named):
        read_community("\n".join(wrong.values()))


def test_s1_30_a_tier_needs_a_programme_that_has_it(store: Store) -> None:
    by_tier = BERLIN.model_copy(update={"rule": None, "min_tier": "platinum"})
    with store.unit_of_work() as uow:
        uow.shops.add(SHOP)
        with pytest.raises(NotReady):
            set_community(uow, SHOP, by_tier, "mia", AS_OF)
        uow.loyalty.set_programme(SHOP.shop_id, a_programme(), "mia", AS_OF)
        with pytest.raises(InvalidInput, match="platinum"):
            set_community(uow, SHOP, by_tier, "mia", AS_OF)
        with pytest.raises(NotFound):
            uow.communities.get(SHOP.shop_id, "berlin")


def test_s1_30_after_a_mailed_invitation_the_page_shows_none(store: Store, lake: Lake, facts: Facts) -> None:
    stand(store, lake, facts)
    mailed = {"message_kind": "community_invitation", "claimed_at": to_micros(at(15))}
    with store.unit_of_work() as uow:
        a_send(uow, SHOP.shop_id, "k1", "ann", "email", at(15), **mailed)
    assert ask(store, lake, "#1") == "already_invited"


def test_s1_30_the_page_speaks_its_language(store: Store, lake: Lake, facts: Facts) -> None:
    stand(store, lake, facts)
    with store.read() as uow:
        found = community_buyer(uow, lake, SHOP, "#1", AS_OF)
    with store.unit_of_work() as uow:
        words = invite_to_community(uow, SHOP, found, "zh", AS_OF).words
    assert words is not None and "社群" in words.heading
