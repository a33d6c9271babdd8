"""S2-36: three tasks in any order, each counted once, the bonus once, and progress is seen at every step."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from agent.loyalty.mission_totals import MissionTotal, mission_totals
from agent.loyalty.missions import MissionProgress, mission_progress
from agent.reports import earned_report
from memory.domain.money import Money
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.doing import LIVE_AT, World
from tests.factories.facts import Facts

from .mission_world import AT, DAY, END, TASKS, a_live_mission, commit, do, people_of

pytestmark = pytest.mark.slow


@pytest.fixture
def world(store: Store, lake: Lake) -> World:
    return a_live_mission(store, lake)


def progress(store: Store, lake: Lake, person: str, as_of: datetime = END) -> MissionProgress:
    with store.read() as uow, lake.open(uow.versions.latest().tables, ["nord"]) as view:
        (found,) = mission_progress(view, uow, uow.shops.get("nord"), person, as_of)
    return found


def totals(store: Store, lake: Lake, as_of: datetime) -> tuple[MissionTotal, ...]:
    with store.read() as uow, lake.open(uow.versions.latest().tables, ["nord"]) as view:
        return mission_totals(view, uow, uow.shops.get("nord"), as_of)


def test_s2_36_all_who_were_told_are_counted_by_how_many_tasks_they_did(store: Store, lake: Lake, world: World) -> None:
    (one, two, all_), facts = people_of(store, world, "treated")[:3], Facts()
    (withheld,) = people_of(store, world, "control")[:1]
    for person, n_tasks in ((one, 1), (two, 2), (all_, 3), (withheld, 3)):
        for task in TASKS[:n_tasks]:
            do(facts, person, task, AT)
    commit(store, lake, facts)
    seen = totals(store, lake, AT + DAY)
    assert all(sum(mission.n_by_done) == mission.n_people for mission in seen)
    assert [sum(mission.n_by_done[n] for mission in seen) for n in (1, 2, 3)] == [1, 1, 1]
    assert sum(mission.n_earned for mission in seen) == 1
    assert {(mission.n_clawed_back, mission.n_blocked, mission.state) for mission in seen} == {(0, 0, "running")}
    assert {(mission.points, tuple(task.action for task in mission.tasks)) for mission in seen} == {(300, TASKS)}
    assert {mission.state for mission in totals(store, lake, LIVE_AT - 90 * DAY)} == {"waiting"}
    assert {mission.state for mission in totals(store, lake, END + 400 * DAY)} == {"over"}


def test_s2_36_any_order_of_the_three_tasks_earns_300_points_once_and_each_step_is_seen(
    store: Store, lake: Lake, world: World
) -> None:
    orders = list(permutations(TASKS))
    people, facts = people_of(store, world, "treated")[: len(orders)], Facts()
    for person, order in zip(people, orders, strict=True):
        for number, task in enumerate(order):
            for again in range(2):  # each counted once, however often it is done
                do(facts, person, task, AT + number * DAY + again * timedelta(hours=1))
    commit(store, lake, facts)
    for person, order in zip(people, orders, strict=True):
        for n_done in range(4):
            seen = progress(store, lake, person, AT + n_done * DAY - timedelta(hours=2))
            assert seen.n_done == n_done
            assert {task.action for task in seen.tasks if task.done_at} == set(order[:n_done])
            assert seen.status == ("earned" if n_done == 3 else "open")
        ended = progress(store, lake, person)
        assert (ended.points, ended.status, ended.earned_at) == (300, "earned", AT + 2 * DAY)
        assert tuple(task.action for task in ended.tasks) == TASKS
    report = earned_report(store, lake, "nord", world.plan.id, END)
    tallies = [tally for offer in report.offers if offer.kind == "mission" for tally in offer.tallies]
    assert [(one.status, one.n_uses, one.points) for one in tallies] == [("earned", 6, 1_800)]


def test_s2_36_4999_does_not_count_and_5000_does(store: Store, lake: Lake, world: World) -> None:
    (short, full), facts = people_of(store, world, "treated")[:2], Facts()
    for person, minor in ((short, 4_999), (full, 5_000)):
        for task in TASKS:
            do(facts, person, task, AT, minor)
    do(facts, short, "purchase", AT + DAY, 4_999)
    commit(store, lake, facts)
    found = {person: progress(store, lake, person) for person in (short, full)}
    assert [(one.n_done, one.status) for one in found.values()] == [(2, "open"), (3, "earned")]
    assert found[short].tasks[2].min_spend == Money(amount_minor=5_000, currency="EUR")
    assert found[short].tasks[2].done_at is None


def test_s2_36_a_refund_below_the_sum_takes_the_task_and_the_bonus_back(store: Store, lake: Lake, world: World) -> None:
    person, facts = people_of(store, world, "treated")[0], Facts()
    for task in TASKS:
        do(facts, person, task, AT)
    facts.rows["orders"][0]["refunded_minor"] = 1
    commit(store, lake, facts)
    seen = progress(store, lake, person)
    assert (seen.n_done, seen.status) == (2, "clawed_back")


def test_s2_36_who_was_withheld_has_no_mission(store: Store, lake: Lake, world: World) -> None:
    with store.read() as uow, lake.open(uow.versions.latest().tables, ["nord"]) as view:
        shop, withheld = uow.shops.get("nord"), people_of(store, world, "control")[0]
        assert mission_progress(view, uow, shop, withheld, END) == ()
        assert mission_progress(view, uow, shop, "stranger", END) == ()
