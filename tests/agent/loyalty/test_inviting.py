"""S1-35: who is no member is invited once per order, on the page after it or by mail; members never are."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from agent.loyalty.inviting import Invitation, buyer_of, invite
from memory.domain.errors import NotFound
from memory.domain.facts import IDENTITY_MOVES_SCHEMA
from memory.domain.market import Language
from memory.domain.part_holdout import Part
from memory.domain.standing import CORE
from memory.lake.lake import Lake
from memory.store.assignments import ARMS_SCHEMA
from memory.store.batches import LivePlan
from memory.store.engine import Store
from memory.store.instants import to_micros
from tests.factories.doing import LIVE_AT, a_plan
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.factories.parts import hold_out
from tests.factories.sends import a_send
from tests.tools.loyalty.programme import AS_OF, a_programme, at, joined

pytestmark = pytest.mark.slow


@pytest.fixture
def facts() -> Facts:
    found = Facts()
    joined(found, "member")
    for number, person in enumerate(("ann", "member", None, "ann"), 1):
        found.order(person, at(number), order_ref=f"#{number}")
    return found


def ask(store: Store, lake: Lake, order: str, language: Language = "en", when: datetime = AS_OF) -> Invitation:
    with store.read() as uow:
        buyer = buyer_of(uow, lake, SHOP, order, when)
    with store.unit_of_work() as uow:
        return invite(uow, SHOP, buyer, language, when)


def test_s1_35_it_is_shown_once_per_order_of_who_is_no_member(store: Store, lake: Lake, facts: Facts) -> None:
    settle(store, lake, facts, AS_OF, a_programme())
    found = [ask(store, lake, order).code for order in ("#1", "#1", "#2", "#2", "#3", "#4", "#4")]
    assert found == ["show", "already_invited", "is_member", "is_member", "unknown_buyer", "show", "already_invited"]
    with pytest.raises(NotFound, match="#9"):
        ask(store, lake, "#9")


def test_s1_35_who_joins_between_two_orders_sees_none_and_who_leaves_sees_one_again(
    store: Store, lake: Lake, facts: Facts
) -> None:
    joined(facts, "ann", on=at(2))
    joined(facts, "member", on=at(3), is_member=False)
    settle(store, lake, facts, AS_OF, a_programme())
    assert [ask(store, lake, order).code for order in ("#1", "#4", "#2")] == ["is_member", "is_member", "show"]


def test_s1_35_an_account_of_a_member_is_a_member(store: Store, lake: Lake, facts: Facts) -> None:
    facts.order("second", at(9), order_ref="#9")
    settle(store, lake, facts, AS_OF, a_programme())
    with store.unit_of_work() as uow:
        before = uow.versions.latest().tables
        moves = lake.append("identity_moves", _moved("second", "member"), after=None)
        uow.versions.add({**before, "identity_moves": moves}, "merged", AS_OF)
    assert ask(store, lake, "#9").code == "is_member"


def test_s1_35_after_a_mailed_invitation_the_page_shows_none(store: Store, lake: Lake, facts: Facts) -> None:
    settle(store, lake, facts, AS_OF, a_programme())
    mailed = {"message_kind": "member_invitation", "claimed_at": to_micros(at(3))}
    with store.unit_of_work() as uow:
        a_send(uow, SHOP.shop_id, "k1", "ann", "email", at(3), **mailed)
    assert [ask(store, lake, order).code for order in ("#1", "#4")] == ["already_invited", "show"]


def arm(store: Store, experiment_id: str, person: str, arm: str) -> None:
    people = pa.Table.from_pylist([{"person_id": person, "cohort": "first_time", "arm": arm}], ARMS_SCHEMA)
    with store.unit_of_work() as uow:
        uow.assignments.put(SHOP.shop_id, experiment_id, people)


def held_out(store: Store, part: Part, *part_ids: str) -> list[str]:
    """A plan that runs and withholds parts; gives the names of their draws."""
    plan = a_plan(SHOP)
    holdouts = [hold_out(store, plan, part, part_id) for part_id in part_ids]
    with store.unit_of_work() as uow:
        uow.plans.put(plan, created_by="mia", touched_by=("mia",), at=LIVE_AT, session_id="", status="live")
        uow.batches.go_live(LivePlan(plan_id=plan.id, shop_id=SHOP.shop_id, live_at=LIVE_AT, n_people=1))
    return [one.experiment_id(plan) for one in holdouts]


@pytest.mark.parametrize(
    ("part", "part_id"), [("step", "first_time.member_invitation"), ("journey", "first_time.journey")]
)
def test_s1_25_whom_a_holdout_withholds_from_the_mail_sees_none_until_it_is_measured(
    store: Store, lake: Lake, facts: Facts, part: Part, part_id: str
) -> None:
    """Ann's older account was drawn; a step that does not invite withholds nobody."""
    settle(store, lake, facts, AS_OF, a_programme())
    (drawn,) = held_out(store, part, part_id)
    arm(store, drawn, "old", "control")
    with store.unit_of_work() as uow:
        uow.identities.move({"old": "ann"})
    during, after = LIVE_AT + timedelta(days=1), LIVE_AT + timedelta(days=400)
    assert [ask(store, lake, "#1", when=when).code for when in (during, after)] == ["withheld", "show"]


def test_s1_25_who_is_drawn_to_be_invited_or_from_another_step_is_shown_it(
    store: Store, lake: Lake, facts: Facts
) -> None:
    settle(store, lake, facts, AS_OF, a_programme())
    inviting, thanking = held_out(store, "step", "first_time.member_invitation", "first_time.thank_you")
    arm(store, inviting, "ann", "treated")
    arm(store, thanking, "ann", "control")
    assert ask(store, lake, "#1", when=LIVE_AT + timedelta(days=1)).code == "show"


def test_s1_25_the_standing_core_is_not_invited(store: Store, lake: Lake, facts: Facts) -> None:
    settle(store, lake, facts, AS_OF, a_programme())
    arm(store, CORE, "ann", "control")
    assert [ask(store, lake, "#1").code for _ in range(2)] == ["withheld"] * 2


def test_s1_35_without_a_programme_nobody_is_invited(store: Store, lake: Lake, facts: Facts) -> None:
    settle(store, lake, facts, AS_OF)
    assert ask(store, lake, "#1").code == "no_programme"
    settle(store, lake, facts, AS_OF, a_programme())
    assert ask(store, lake, "#1").code == "show"


def test_s1_35_the_words_are_those_of_the_mail_in_the_pages_language(store: Store, lake: Lake, facts: Facts) -> None:
    settle(store, lake, facts, AS_OF, a_programme())
    english, chinese = ask(store, lake, "#1"), ask(store, lake, "#4", "zh")
    assert english.words is not None and chinese.words is not None
    assert english.words.heading == "Become a member"
    assert english.words.button and chinese.words.heading != english.words.heading


def test_s1_35_pages_that_load_at_once_show_it_once(any_store: Store, lake: Lake, facts: Facts) -> None:
    settle(any_store, lake, facts, AS_OF, a_programme())
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: ask(any_store, lake, "#1").code, range(6)))
    assert sorted(found) == ["already_invited"] * 5 + ["show"]


def _moved(subject: str, person: str) -> pa.Table:
    return pa.table({"subject_id": [subject], "person_id": [person], "number": [1]}, schema=IDENTITY_MOVES_SCHEMA)
