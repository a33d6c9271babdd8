"""Standing holdouts: no plan messages them, both checkers refuse them, and who was drawn stays through merges."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from agent.dispatch.facts import read_facts
from agent.dispatch.second import person_now, promise_of
from agent.tick import go_live, tick
from agent.tick.standing import standing_arms
from agent.verify.people import people as second_checker
from memory.domain.clock import ManualClock
from memory.domain.facts import IDENTITIES_SCHEMA
from memory.domain.standing import CORE, StandingHoldout
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT, a_world

pytestmark = pytest.mark.slow
KEY = b"a key for tests only, 32 bytes.."
DAY = date(2026, 12, 1)


def a_store(folder: Path, **shares: float) -> Store:
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    metadata.create_all(store.engine)
    given = {"core_rate": 0.2, "rotating_rate": 0.0, **shares}
    with store.unit_of_work() as uow:
        uow.standing.put(StandingHoldout(shop_id="nord", started_on=DAY, **given))
    return store


def table(people: list[str]) -> pa.Table:
    return pa.table({"person_id": people, "cohort": ["vip"] * len(people)})


def drawn(store: Store, people: list[str], on: date = DAY) -> set[str]:
    with store.unit_of_work() as uow:
        mask = standing_arms(uow, KEY, "nord", table(people), on).to_pylist()
    return {person for person, is_withheld in zip(people, mask, strict=True) if is_withheld}


PEOPLE = [f"p{number:05d}" for number in range(3_000)]


def test_s2_16_a_share_is_drawn_by_the_key_and_stays_when_the_list_or_the_share_changes(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    first = drawn(store, PEOPLE[:2_000])
    assert 320 < len(first) < 480
    with store.unit_of_work() as uow:
        uow.standing.put(StandingHoldout(shop_id="nord", core_rate=0.0, started_on=DAY))
    assert drawn(store, PEOPLE[::-1]) == first, "nobody new at a share of 0, and nobody let go"


@pytest.mark.parametrize("which", ["core_rate", "rotating_rate"])
def test_s2_16_a_share_that_is_set_later_reaches_who_was_there_before(tmp_path: Path, which: str) -> None:
    store = a_store(tmp_path, core_rate=0.0)
    assert drawn(store, PEOPLE[:2_000]) == set()
    with store.unit_of_work() as uow:
        shares = {"core_rate": 0.0, "rotating_rate": 0.0, which: 0.2}
        uow.standing.put(StandingHoldout.model_validate({"shop_id": "nord", "started_on": DAY, **shares}))
    assert 320 < len(drawn(store, PEOPLE[:2_000])) < 480


def test_s2_16_a_merge_withholds_the_person_under_the_new_id(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    first = drawn(store, PEOPLE)
    withheld, other = sorted(first)[0], sorted(set(PEOPLE) - first)[0]
    with store.unit_of_work() as uow:
        uow.identities.replace(pa.Table.from_pylist([{"subject_id": withheld, "person_id": other}], IDENTITIES_SCHEMA))
    assert drawn(store, [other]) == {other}


def test_the_rotating_share_is_drawn_anew_each_period(tmp_path: Path) -> None:
    store = a_store(tmp_path, core_rate=0.0, rotating_rate=0.2)
    first, same, later = (drawn(store, PEOPLE, DAY + timedelta(days=days)) for days in (0, 89, 90))
    assert first == same != later
    assert len(first & later) < 200


def test_a_period_of_another_length_does_not_take_up_the_people_of_an_earlier_one(tmp_path: Path) -> None:
    store = a_store(tmp_path, core_rate=0.0, rotating_rate=0.2)
    first, second = (drawn(store, PEOPLE, DAY + timedelta(days=days)) for days in (0, 90))
    longer = StandingHoldout(shop_id="nord", core_rate=0.0, rotating_rate=0.2, period_days=200, started_on=DAY)
    with store.unit_of_work() as uow:
        uow.standing.put(longer.model_copy(update={"started_on": DAY + timedelta(days=100)}))
    third = drawn(store, PEOPLE, DAY + timedelta(days=100))
    assert max(len(third & first), len(third & second)) < 200
    assert longer.rotating(DAY + timedelta(days=199)) == f"standing.{DAY}"
    assert longer.rotating(DAY + timedelta(days=200)) == "standing.2027-06-19"


def test_i11_a_plan_leaves_them_out_and_both_checkers_refuse_them(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    lake, clock = Lake(tmp_path / "lake"), ManualClock(LIVE_AT)
    world = a_world(store, lake, 60)
    gone = go_live(store, lake, clock, KEY, world.approved)
    with store.read() as uow:
        core = {row["person_id"] for row in uow.assignments.arms("nord", CORE).to_pylist() if row["arm"] == "control"}
    assert core and gone.n_treated + gone.n_control == 60 - len(core)
    tick(store, lake, clock, KEY, "nord", LIVE_AT + timedelta(days=1), seed=1, slot=timedelta(hours=24),
         exploration_rate=0.2)  # fmt: skip
    with store.unit_of_work() as uow:
        rows = uow.outbox.due("nord", "email", LIVE_AT + timedelta(days=30), 100, lock=False)
        assert rows and not {row.person_id for row in rows} & core
        person = rows[0].person_id
        uow.assignments.put("nord", CORE, pa.table({"person_id": ["other"], "cohort": ["vip"], "arm": ["control"]}))
        uow.identities.replace(pa.Table.from_pylist([{"subject_id": "other", "person_id": person}], IDENTITIES_SCHEMA))
        facts = read_facts(uow, "nord", [rows[0]], LIVE_AT + timedelta(days=1))
        assert (world.plan.id, person) in facts.control, "a record of the person that no plan knows is withheld"
        arms = facts.arms[(world.plan.id, person)]
        second = person_now(facts.state[person], rows[0], arms, ())
        assert second.arm == "control"
        assert "control_group" in {reason.code for reason in second_checker(promise_of(rows[0]), second)}
