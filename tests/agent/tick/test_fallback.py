"""Second channels: one scenario with a person of every kind, ticked before and after the hours ran out."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from agent.dispatch import dispatch
from agent.tick import TickReport, go_live, tick
from agent.tick.messages import send_key
from memory.domain.clock import ManualClock
from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from memory.store.instants import to_micros
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT, World, a_world, explore, learn
from tests.factories.facts import Facts
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow

KEY = b"a key for tests only, 32 bytes.."
STEP = "first_time.category_series"
DAY = LIVE_AT + timedelta(days=17)
"""Six in the morning UTC of the step's day; Berlin gets it at nine, New York at three in the afternoon."""


class Story:
    """Mails of the category series went out; then everybody does something else, and two days pass."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = open_store(f"sqlite:///{folder / 'store.db'}")
        metadata.create_all(self.store.engine)
        self.lake, self.clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
        self.world: World = a_world(self.store, self.lake, 60)
        self.plan = self.world.plan
        go_live(self.store, self.lake, self.clock, KEY, self.world.approved)
        self.push, self.mail = MemorySender(self.clock), MemorySender(self.clock)
        self._decide_first()
        self.mailed = sorted(row["person_id"] for row in self.rows() if row["state"] == "sent")
        names = ("silent", "opened", "machine", "loose", "ordered", "left", "full", "no_push", "clicked")
        self.who = dict(zip(names, self.mailed, strict=False))
        self.before: Counter[str] = Counter()
        self._live_on()

    def tick(self, at: datetime, hours: float) -> TickReport:
        return tick(self.store, self.lake, self.clock, KEY, "nord", at, seed=1, slot=timedelta(hours=hours),
                    exploration_rate=0.0)  # fmt: skip

    def dispatch(self) -> None:
        dispatch(self.store, {"email": self.mail, "push": self.push}, self.clock, KEY, "nord", lake=self.lake)

    def rows(self) -> list[dict[str, Any]]:
        columns = ["send_key", "person_id", "step_id", "channel", "state", "due_at", "message_class"]
        with self.store.read() as uow:
            table = uow.outbox.table("nord", self.plan.id, columns)
        rows: list[dict[str, Any]] = table.to_pylist()
        return [row for row in rows if row["step_id"] == STEP]

    def pushed(self) -> Counter[str]:
        return Counter(row["person_id"] for row in self.rows() if row["channel"] == "push")

    def _decide_first(self) -> None:
        looks = Facts()
        explore(looks, self.world.people, LIVE_AT)
        learn(self.store, self.lake, looks, LIVE_AT)
        self.tick(DAY, 24)
        self.clock.set(DAY + timedelta(hours=10))
        self.dispatch()

    def _live_on(self) -> None:
        """What becomes known after the mails went out at four in the afternoon."""
        later, facts = DAY + timedelta(hours=20), Facts()
        key = {name: send_key(self.plan, {"step_id": STEP, "person_id": person}) for name, person in self.who.items()}
        for name, machine in (("opened", False), ("machine", True)):
            facts.event(self.who[name], later, "mail_open", shop_id="nord", message_id=key[name], is_machine=machine)
        facts.event("somebody", later, "mail_click", shop_id="nord", message_id=key["clicked"])
        facts.event(self.who["loose"], later, "mail_open", shop_id="nord")
        facts.add("orders", later, subject_id=self.who["ordered"], shop_id="nord", order_ref="again")
        facts.rows["orders"][0]["fact_id"] = "again"
        for number, row in enumerate(facts.rows["events"]):
            row["fact_id"] = f"later{number}"
        with self.store.unit_of_work() as uow:
            known = uow.versions.latest().tables
            known = {name: number for name, number in known.items() if name == "events"}
            versions = {
                name: self.lake.append(name, pa.Table.from_pylist(rows, LAKE_SCHEMAS[name]), after=known.get(name))
                for name, rows in facts.rows.items()
            }
            uow.versions.add(versions, "what people did", later)
            for person in self.mailed:
                if person != self.who["no_push"]:
                    uow.person_state.set_consent("nord", person, "push", True)
            uow.person_state.set_consent("nord", self.who["left"], "email", False)
            uow.outbox.plan([self._other(uow.outbox.get(key["full"]), number) for number in range(2)])

    def _other(self, row: Any, number: int) -> dict[str, Any]:
        """Another promotional message of the week, already handed off, so that the window of two is full."""
        at = to_micros(DAY + timedelta(days=1))
        copied: dict[str, Any] = row.model_dump()
        return copied | {"send_key": f"other{number}", "step_id": f"other{number}", "claimed_at": at}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    told = Story(tmp_path_factory.mktemp("story"))
    told.clock.set(DAY + timedelta(days=2, hours=2))
    told.tick(DAY + timedelta(days=1), 24)
    told.before = told.pushed()
    told.clock.set(DAY + timedelta(days=3))
    told.tick(DAY + timedelta(days=3), 1)
    return told


def test_the_scenario_mailed_enough_people(story: Story) -> None:
    assert len(story.mailed) > 20
    assert len(story.who) == 9


def test_nobody_is_tried_again_before_the_hours_have_passed(story: Story) -> None:
    assert not story.before


def test_who_did_nothing_gets_one_push(story: Story) -> None:
    assert story.pushed()[story.who["silent"]] == 1
    assert set(story.pushed().values()) == {1}


@pytest.mark.parametrize("name", ["opened", "clicked", "loose"])
def test_who_opened_or_clicked_gets_none(story: Story, name: str) -> None:
    assert story.who[name] not in story.pushed()


def test_an_open_by_software_is_no_reaction(story: Story) -> None:
    assert story.pushed()[story.who["machine"]] == 1


def test_who_ordered_since_gets_none(story: Story) -> None:
    assert story.who["ordered"] not in story.pushed()


def test_without_consent_for_push_there_is_none(story: Story) -> None:
    assert story.who["no_push"] not in story.pushed()


def test_who_took_back_the_first_consent_gets_none(story: Story) -> None:
    assert story.who["left"] not in story.pushed()


def test_s2_44_a_full_window_lets_none_through(story: Story) -> None:
    assert story.who["full"] not in story.pushed()


def test_s2_16_the_control_group_gets_none(story: Story) -> None:
    with story.store.read() as uow:
        arms = uow.assignments.arms("nord", story.plan.holdout.experiment_id).to_pylist()
    control = {row["person_id"] for row in arms if row["arm"] == "control"}
    assert control
    assert not control & {row["person_id"] for row in story.rows()}


def test_i12_ticking_again_doubles_nothing(story: Story) -> None:
    before = story.pushed()
    assert story.tick(DAY + timedelta(days=3), 1).is_repeat
    story.tick(DAY + timedelta(days=3, hours=1), 1)
    story.tick(DAY + timedelta(days=4), 24)
    assert story.pushed() == before


def test_its_key_differs_from_the_mails_and_is_the_same_again(story: Story) -> None:
    person = {"step_id": STEP, "person_id": story.who["silent"]}
    keys = {row["channel"]: row["send_key"] for row in story.rows() if row["person_id"] == story.who["silent"]}
    assert keys == {"email": send_key(story.plan, person), "push": send_key(story.plan, person, is_fallback=True)}
    assert keys["email"] != keys["push"]


def test_the_second_channel_is_a_decision_of_its_own(story: Story) -> None:
    with story.store.read() as uow:
        versions = uow.batches.lake_versions()
    with story.lake.open(versions) as view:
        decisions = view.raw("decisions").to_pyarrow().to_pylist()
    ids = [row["decision_id"] for row in decisions]
    assert len(set(ids)) == len(ids)
    second = [row for row in decisions if row["decision_id"].split("/")[-2] == "fallback"]
    assert {row["step_id"] for row in second} == {STEP}
    assert story.who["silent"] in {row["person_id"] for row in second if row["chosen"] == f"{STEP}:push"}


def test_s2_26_it_waits_for_the_recipients_open_hours(story: Story) -> None:
    hours = {datetime.fromtimestamp(row["due_at"] / 1e6, DAY.tzinfo).hour for row in story.rows()
             if row["channel"] == "push"}  # fmt: skip
    assert hours
    assert hours <= set(range(7, 21))


def test_s2_27_a_pause_while_the_hours_run_out_loses_nobody(tmp_path: Path) -> None:
    """Ticks find the plan paused when the hours end; the first one that finds it live again looks at them all."""
    told = Story(tmp_path)
    with told.store.unit_of_work() as uow:
        uow.plans.set_status(told.plan.id, "waiting")
    told.tick(DAY + timedelta(days=1), 24)
    told.clock.set(DAY + timedelta(days=3))
    told.tick(DAY + timedelta(days=3), 1)
    assert not told.pushed()
    with told.store.unit_of_work() as uow:
        uow.plans.set_status(told.plan.id, "live")
    told.tick(DAY + timedelta(days=3, hours=1), 1)
    assert told.pushed()[told.who["silent"]] == 1
    assert told.who["opened"] not in told.pushed()
    told.clock.set(DAY + timedelta(days=3, hours=12))
    with told.store.unit_of_work() as uow:
        uow.consents.revoke("nord", told.who["machine"], "push", told.clock.now(), "preference_page", "test")
    told.dispatch()
    states = {row["person_id"]: row["state"] for row in told.rows() if row["channel"] == "push"}
    assert states[told.who["machine"]] == "suppressed"
