"""Points of missions come into the ledger by themselves where the programme pays them: once, and back with a refund."""

from datetime import UTC, date, datetime, timedelta

import pytest

from agent.loyalty import member_account, redeem
from agent.loyalty.account import MemberAccount, shop_books
from agent.loyalty.programme import programme_in_force, set_programme, starting_programme
from memory.domain.loyalty import LoyaltyProgramme
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.doing import LIVE_AT, World
from tests.factories.facts import Facts

from .mission_world import AT, DAY, END, TASKS, a_live_mission, commit, do, people_of

pytestmark = pytest.mark.slow


@pytest.fixture
def world(store: Store, lake: Lake) -> World:
    return a_live_mission(store, lake)


def programme(*, pays_deeds: bool = True) -> LoyaltyProgramme:
    return starting_programme("EUR", date(2026, 12, 1)).model_copy(update={"pays_deeds": pays_deeds})


def put_in_force(store: Store, world: World, wanted: LoyaltyProgramme) -> None:
    with store.unit_of_work() as uow:
        set_programme(uow, world.shop, wanted, "mia", LIVE_AT)


def a_mission(people: list[str], *, joins: bool = True, **order: object) -> Facts:
    """Each of these people joins and does the three tasks; the order comes last, a day after the first task."""
    facts = Facts()
    for person in people:
        if joins:
            facts.add("memberships", LIVE_AT, subject_id=person, is_member=True)
        for number, task in enumerate(TASKS):
            do(facts, person, task, AT + number * timedelta(hours=12))
    for row in facts.rows["orders"]:
        row.update(order)
    return facts


def account(store: Store, lake: Lake, person: str, as_of: datetime = END) -> MemberAccount:
    with store.read() as uow:
        return member_account(uow, lake, uow.shops.get("nord"), person, as_of)


def movements(found: MemberAccount) -> list[tuple[str, int]]:
    return [(one.kind, one.points) for one in found.movements]


def test_s2_36_the_points_of_a_mission_are_paid_once_beside_those_of_the_order(
    store: Store, lake: Lake, world: World
) -> None:
    person = people_of(store, world, "treated")[0]
    put_in_force(store, world, programme())
    commit(store, lake, a_mission([person]))
    assert movements(account(store, lake, person, AT + DAY - timedelta(minutes=1))) == []
    for _ in range(2):
        assert movements(account(store, lake, person)) == [("earned", 50), ("mission", 300)]
    with store.unit_of_work() as uow:
        found = redeem(uow, lake, uow.shops.get("nord"), person, "coupon", "q1", "till", END)
    assert (found.code, found.balance) == ("redeemed", 100)


def test_s2_36_a_refund_takes_the_points_of_the_mission_back_when_it_is_heard(
    store: Store, lake: Lake, world: World
) -> None:
    person, heard = people_of(store, world, "treated")[0], AT + 5 * DAY
    put_in_force(store, world, programme())
    commit(store, lake, a_mission([person], refunded_minor=5_000, arrived_at=heard))
    found = account(store, lake, person)
    assert movements(found)[:2] == [("earned", 50), ("mission", 300)]
    assert sorted(movements(found)[2:]) == [("clawed_back", -300), ("clawed_back", -50)]
    assert found.balance == 0
    assert {one.at for one in found.movements if one.kind == "clawed_back"} == {heard}


def test_s2_36_who_is_no_member_was_withheld_or_has_a_shop_that_pays_itself_gets_none(
    store: Store, lake: Lake, world: World
) -> None:
    (stranger, *_), (withheld, *_) = people_of(store, world, "treated"), people_of(store, world, "control")
    put_in_force(store, world, programme())
    facts = a_mission([withheld])
    for name, rows in a_mission([stranger], joins=False).rows.items():
        facts.rows[name] += [row | {"fact_id": f"s{row['fact_id']}"} for row in rows]
    commit(store, lake, facts)
    assert movements(account(store, lake, withheld)) == [("earned", 50)]
    assert movements(account(store, lake, stranger)) == []


def test_s2_36_a_programme_that_leaves_deeds_to_the_shop_pays_none(store: Store, lake: Lake, world: World) -> None:
    person = people_of(store, world, "treated")[0]
    put_in_force(store, world, programme(pays_deeds=False))
    commit(store, lake, a_mission([person]))
    assert movements(account(store, lake, person)) == [("earned", 50)]


def test_s2_36_the_ledger_of_the_shop_sums_to_zero_and_expires_deeds_in_their_turn(
    store: Store, lake: Lake, world: World
) -> None:
    people = people_of(store, world, "treated")[:5]
    put_in_force(store, world, programme())
    commit(store, lake, a_mission(people))
    late = datetime(2029, 1, 1, tzinfo=UTC)
    with store.read() as uow, lake.open(uow.versions.latest().tables, ["nord"]) as view:
        shop = uow.shops.get("nord")
        _, terms = programme_in_force(uow, shop, late)
        books = shop_books(view, uow, shop, terms, late)
        entries = books.entries().to_pyarrow().to_pylist()
        assert sum(row["points"] for row in entries) == 0
        paid = [row["points"] for row in entries if row["kind"] == "mission" and row["account"].startswith("member:")]
        assert paid == [300] * 5
        assert {row["points"] for row in books.balances().to_pyarrow().to_pylist()} == {0}
