"""S1-35: who is no member is invited once per order, on the page after it or by mail; members never are."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyarrow as pa
import pytest

from agent.loyalty.inviting import Invitation, invite
from memory.domain.errors import NotFound
from memory.domain.facts import IDENTITY_MOVES_SCHEMA
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.instants import to_micros
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.factories.sends import a_send
from tests.tools.loyalty.programme import AS_OF, at, joined

pytestmark = pytest.mark.slow


@pytest.fixture
def facts() -> Facts:
    found = Facts()
    joined(found, "member")
    for number, person in enumerate(("ann", "member", None, "ann"), 1):
        found.order(person, at(number), order_ref=f"#{number}")
    return found


def ask(store: Store, lake: Lake, order: str, language: str = "en") -> Invitation:
    with store.unit_of_work() as uow:
        return invite(uow, lake, SHOP, order, language, AS_OF)


def test_s1_35_it_is_shown_once_per_order_of_who_is_no_member(store: Store, lake: Lake, facts: Facts) -> None:
    settle(store, lake, facts, AS_OF)
    found = [ask(store, lake, order).code for order in ("#1", "#1", "#2", "#2", "#3", "#4", "#4")]
    assert found == ["show", "already_invited", "is_member", "is_member", "unknown_buyer", "show", "already_invited"]
    with pytest.raises(NotFound, match="#9"):
        ask(store, lake, "#9")


def test_s1_35_who_joins_between_two_orders_sees_none_and_who_leaves_sees_one_again(
    store: Store, lake: Lake, facts: Facts
) -> None:
    joined(facts, "ann", on=at(2))
    joined(facts, "member", on=at(3), is_member=False)
    settle(store, lake, facts, AS_OF)
    assert [ask(store, lake, order).code for order in ("#1", "#4", "#2")] == ["is_member", "is_member", "show"]


def test_s1_35_an_account_of_a_member_is_a_member(store: Store, lake: Lake, facts: Facts) -> None:
    facts.order("second", at(9), order_ref="#9")
    settle(store, lake, facts, AS_OF)
    with store.unit_of_work() as uow:
        before = uow.versions.latest().tables
        moves = lake.append("identity_moves", _moved("second", "member"), after=None)
        uow.versions.add({**before, "identity_moves": moves}, "merged", AS_OF)
    assert ask(store, lake, "#9").code == "is_member"


def test_s1_35_after_a_mailed_invitation_the_page_shows_none(store: Store, lake: Lake, facts: Facts) -> None:
    settle(store, lake, facts, AS_OF)
    mailed = {"message_kind": "member_invitation", "claimed_at": to_micros(at(3))}
    with store.unit_of_work() as uow:
        a_send(uow, SHOP.shop_id, "k1", "ann", "email", at(3), **mailed)
    assert [ask(store, lake, order).code for order in ("#1", "#4")] == ["already_invited", "show"]


def test_s1_35_the_words_are_those_of_the_mail_in_the_pages_language(store: Store, lake: Lake, facts: Facts) -> None:
    settle(store, lake, facts, AS_OF)
    english, chinese = ask(store, lake, "#1"), ask(store, lake, "#4", "zh")
    assert english.words is not None and chinese.words is not None
    assert english.words.heading == "Become a member"
    assert english.words.button and chinese.words.heading != english.words.heading


def test_s1_35_pages_that_load_at_once_show_it_once(any_store: Store, lake: Lake, facts: Facts) -> None:
    settle(any_store, lake, facts, AS_OF + timedelta(0))
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: ask(any_store, lake, "#1").code, range(6)))
    assert sorted(found) == ["already_invited"] * 5 + ["show"]


def _moved(subject: str, person: str) -> pa.Table:
    return pa.table({"subject_id": [subject], "person_id": [person], "number": [1]}, schema=IDENTITY_MOVES_SCHEMA)
