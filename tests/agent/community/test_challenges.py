"""S1-31: what is handed in waits for a person, is taken once, and is used only where its maker consents."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest

from agent.community.challenges import HandedIn, hand_in, markets_of, read_challenge
from agent.community.submission_rows import read_submissions
from memory.domain.challenge import Challenge, RightsConsent, Sent, Submission
from memory.domain.errors import Conflict, InvalidInput, NotFound
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.tools.loyalty.programme import AS_OF, at

pytestmark = pytest.mark.slow
AUTUMN = Challenge(
    id="autumn", title="Autumn runs", rules="Show where you run.", hashtag="#秋跑", starts_on=date(2027, 1, 10),
    ends_on=date(2027, 1, 20), markets=("DE", "CN"),
)  # fmt: skip
YES = RightsConsent(source="comment below the post", given_at=at(15))


def sent(link: str = "https://instagram.com/p/1", when: datetime = at(15), rights: RightsConsent | None = YES) -> Sent:
    return Sent(link=link, submitted_at=when, rights=rights)


@pytest.fixture
def facts() -> Facts:
    found = Facts()
    for person, market in (("ann", "DE"), ("ben", "DE"), ("zoe", "FR")):
        found.order(person, at(1), market=market)
    return found


def stand(store: Store, lake: Lake, facts: Facts) -> None:
    settle(store, lake, facts, AS_OF)
    with store.unit_of_work() as uow:
        uow.challenges.put(SHOP.shop_id, AUTUMN, "mia", AS_OF)


def hand(store: Store, lake: Lake, *rows: tuple[str | None, Sent]) -> list[str]:
    with store.read() as uow:
        markets = markets_of(uow, lake, SHOP, [person for person, _ in rows if person], AS_OF)
    with store.unit_of_work() as uow:
        given = [HandedIn(person_id=person, sent=one) for person, one in rows]
        return [one.code for one in hand_in(uow, SHOP, "autumn", given, markets)]


def kept(store: Store, *, usable: bool = False) -> tuple[Submission, ...]:
    with store.read() as uow:
        return uow.challenges.submissions(SHOP.shop_id, "autumn", usable=usable)


def test_s1_31_one_post_is_taken_once_and_waits(store: Store, lake: Lake, facts: Facts) -> None:
    stand(store, lake, facts)
    again = sent("https://instagram.com/p/1/#comments")
    assert hand(store, lake, ("ann", sent()), ("ann", sent()), ("ben", again)) == [
        "taken", "already_submitted", "already_submitted",
    ]  # fmt: skip
    (one,) = kept(store)
    assert (one.person_id, one.state, one.rights) == ("ann", "waiting", YES)


def test_s1_31_days_and_markets_of_the_challenge_hold(store: Store, lake: Lake, facts: Facts) -> None:
    stand(store, lake, facts)
    berlin_midnight = datetime.fromisoformat("2027-01-21T00:00:00+01:00")
    rows = [
        ("ann", sent("https://a.com/1", berlin_midnight - timedelta(seconds=1))),
        ("ann", sent("https://a.com/2", berlin_midnight)), ("ann", sent("https://a.com/3", at(9))),
        ("zoe", sent("https://a.com/4")), ("nobody", sent("https://a.com/5")), (None, sent("https://a.com/6")),
    ]  # fmt: skip
    assert hand(store, lake, *rows) == [
        "taken", "outside_its_days", "outside_its_days", "other_market", "unknown_person", "unknown_person",
    ]  # fmt: skip


def test_s1_31_nothing_is_used_without_consent_or_before_a_person_accepted_it(
    store: Store, lake: Lake, facts: Facts
) -> None:
    stand(store, lake, facts)
    hand(store, lake, ("ann", sent("https://a.com/1")), ("ann", sent("https://a.com/2", rights=None)),
         ("ben", sent("https://a.com/3")), ("ben", sent("https://a.com/4")))  # fmt: skip
    by_link = {one.link[-1]: one.id for one in kept(store)}
    assert kept(store, usable=True) == ()
    with store.unit_of_work() as uow:
        for number, state in (("1", "accepted"), ("2", "accepted"), ("3", "refused")):
            uow.challenges.decide(SHOP.shop_id, by_link[number], state, "mia", AS_OF, "seen")  # type: ignore[arg-type]
    assert [one.link[-1] for one in kept(store, usable=True)] == ["1"]
    with store.unit_of_work() as uow:
        uow.challenges.set_rights(SHOP.shop_id, by_link["1"], None)
        uow.challenges.set_rights(SHOP.shop_id, by_link["2"], YES)
    assert [one.link[-1] for one in kept(store, usable=True)] == ["2"]


def test_s1_31_people_who_decide_at_once_decide_once(any_store: Store, lake: Lake, facts: Facts) -> None:
    stand(any_store, lake, facts)
    hand(any_store, lake, ("ann", sent()))
    (one,) = kept(any_store)

    def decide(name: str) -> str:
        try:
            with any_store.unit_of_work() as uow:
                return uow.challenges.decide(SHOP.shop_id, one.id, "accepted", name, AS_OF, "").decided_by
        except Conflict:
            return "too late"

    with ThreadPoolExecutor(3) as pool:
        said = sorted(pool.map(decide, ("ann", "ari", "amy")))
    assert said[1:] == ["too late", "too late"]
    assert kept(any_store)[0].decided_by == said[0]


def test_s1_31_posts_handed_in_at_once_are_taken_once(any_store: Store, lake: Lake, facts: Facts) -> None:
    stand(any_store, lake, facts)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda who: hand(any_store, lake, (who, sent())), ("ann", "ben")))
    codes = sorted(code for ones in found for code in ones)
    assert codes == ["already_submitted", "taken"]


def test_s1_31_a_file_is_read_as_a_whole_and_names_its_wrong_line() -> None:
    head = "person,link,submitted_at,rights_source,rights_at\n"
    good = "ann,https://a.com/1,2027-01-15T10:00:00+01:00,form,2027-01-15T10:00:00+01:00\n"
    bare = "ben,https://a.com/2,2027-01-15T10:00:00+01:00,,\n"
    found = read_submissions(head + good + bare, {"ann": "p1"}.get)
    assert [(one.person_id, one.sent.rights is not None) for one in found] == [("p1", True), (None, False)]
    for row, named in (
        ("ann,http://a.com/1,2027-01-15T10:00:00+01:00,,", "line 3: link"),
        ("ann,https://a.com/1,soon,,", "submitted_at"),
        ("ann,https://a.com/1,2027-01-15T10:00:00+01:00,form,", "both"), ("ann,https://a.com/1,2027-01-15,,", "line 3"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=named):
            read_submissions(head + good + row, {"ann": "p1"}.get)
    with pytest.raises(InvalidInput, match="columns"):
        read_submissions("who,link\nann,https://a.com/1\n", {"ann": "p1"}.get)


def test_s1_31_a_challenge_states_its_rules_days_tag_and_markets(store: Store) -> None:
    text = AUTUMN.model_dump_json()
    assert read_challenge(text) == AUTUMN
    for was, becomes, named in (
        ('"ends_on":"2027-01-20"', '"ends_on":"2027-01-09"', "ends on"), ('"#秋跑"', '"autumn"', "hashtag"),
        ('["DE","CN"]', "[]", "markets"), ('"Show where you run."', '""', "rules"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=named):
            read_challenge(text.replace(was, becomes))
    with store.read() as uow, pytest.raises(NotFound, match="autumn"):
        uow.challenges.get(SHOP.shop_id, "autumn")
