"""What a person just did makes a step due for that person alone, once, under the same guardrails as a tick."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from agent.tick import tick
from agent.trigger import TriggerReport, decide_triggers
from agent.trigger.kinds import TRIGGERS, WAITS, listens
from memory.domain.plan import Step
from tests.factories.doing import LIVE_AT, ORDERED_AT, WEBSITE, World, learn
from tests.factories.facts import Facts
from tests.factories.live import Live
from tests.factories.live_world import KEY, a_live_world
from tests.factories.parts import hold_out
from tools.facts import commit_facts
from tools.identity.keys import Keys

pytestmark = pytest.mark.slow


class Running:
    """A live plan for sixty people, and deliveries about them."""

    def __init__(self, folder: Path) -> None:
        self.store, self.lake, self.clock, self.world, _ = a_live_world(folder)
        self.live = Live(self.store, self.lake, self.world.shop, self.clock, KEY)
        with self.store.read() as uow:
            arms = uow.assignments.arms("nord", self.world.plan.holdout.experiment_id).to_pylist()
        self.treated = sorted(row["person_id"] for row in arms if row["arm"] == "treated")
        self.control = sorted(row["person_id"] for row in arms if row["arm"] == "control")

    def at(self, days: float) -> datetime:
        self.clock.set(LIVE_AT + timedelta(days=days))
        return self.clock.now()

    def did(self, person: str, kind: str, n: int = 1, tag: str = "") -> None:
        """Let a person do something now; the device is new each time and linked to the person."""
        device = f"device-{person}"
        subject = Keys(KEY, "nord", "DE").resolve("device", device)
        assert subject is not None
        with self.store.unit_of_work() as uow:
            number = uow.identities.move({subject[0]: person})
            moved = pa.table({"subject_id": [subject[0]], "person_id": [person], "number": [number]})
            commit_facts(uow, self.lake, {"identity_moves": moved}, "link", self.clock.now())
        at = self.clock.now()
        rows = [{"id": f"{person}{kind}{tag}{at}{i}", "at": at.isoformat(), "kind": kind, "device_id": device}
                for i in range(n)]  # fmt: skip
        self.live.events(*rows)
        self.live.flush()

    def decide(self) -> TriggerReport:
        return decide_triggers(self.store, self.lake, self.clock, KEY, "nord", exploration_rate=0)

    def messages(self, *kinds: str) -> list[dict[str, Any]]:
        with self.store.read() as uow:
            columns = ["person_id", "step_id", "message_kind", "state", "due_at", "cohort"]
            rows = uow.outbox.table("nord", self.world.plan.id, columns).to_pylist()
        return [row for row in rows if row["message_kind"] in kinds]


def listening(world: World, trigger: str) -> Step:
    """A step of the cohort in which everybody of the small world is."""
    return next(step for step in world.plan.steps() if step.trigger == trigger and step.id.startswith("first_time"))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    found = Running(tmp_path)
    yield found
    found.store.close()


def runs_out(running: Running, people: Iterable[str]) -> None:
    """Let people have bought oil that lasts about 19 days, as the purchases of five others say."""
    facts, line = Facts(), {"shop_id": "nord", "sku": "oil-1", "category": "care", "order_fact_id": "o"}
    facts.add("products", ORDERED_AT, shop_id="nord", sku="oil-1", title="Oil", category="care",
              url=f"{WEBSITE}/products/oil-1")  # fmt: skip
    facts.add("stock", ORDERED_AT, shop_id="nord", sku="oil-1", quantity=9)
    for person in people:
        facts.add("order_lines", ORDERED_AT, subject_id=person, **line)
    for number, lasted in enumerate((14, 16, 19, 22, 24)):
        for times, days in enumerate((0, lasted)):
            at = ORDERED_AT + timedelta(days=days - 100)
            other = {"subject_id": f"regular{number}", "order_fact_id": f"o{times}"}
            facts.add("order_lines", at, **{**line, **other})
    learn(running.store, running.lake, facts, LIVE_AT)


def test_s2_14_the_fifth_interaction_decides_while_interest_is_hot(running: Running) -> None:
    """What it waits for is known from the whole shop: how long goods last, others' purchases say."""
    step = next(step for step in running.world.plan.steps() if step.id == "first_time.replenishment_reminder")
    assert step.trigger == "intent"
    phase = next(phase for phase in running.world.plan.phases if phase.id == step.phase)
    hot, cool = running.treated[:2]
    runs_out(running, (hot, cool))
    running.at((phase.starts_on - LIVE_AT.date()).days + 1)
    running.did(hot, "view", 3)
    running.did(hot, "cart")
    running.did(cool, "view", 4)
    assert running.decide().n_decisions == 0
    running.clock.advance(timedelta(hours=2))
    running.did(hot, "checkout")
    report = running.decide()
    assert (report.n_deeds, report.n_decisions) == (1, 1)
    (message,) = running.messages(step.kind)
    assert (message["person_id"], message["state"]) == (hot, "planned")
    assert message["due_at"] <= (running.clock.now() + timedelta(hours=24)).timestamp() * 1e6
    running.did(hot, "view", 9)
    assert running.decide().n_decisions == 0


def test_s2_14_interest_that_cooled_down_decides_nothing(running: Running) -> None:
    step = listening(running.world, "intent")
    running.at((step.due_on - LIVE_AT.date()).days - 5)
    for number in range(5):
        running.did(running.treated[0], "view", tag=str(number))
        running.clock.advance(timedelta(hours=10))
    assert running.decide().n_decisions == 0


def test_s2_03_a_delivery_makes_the_care_mail_due_and_its_date_does_not_repeat_it(running: Running) -> None:
    now = running.at(2)
    arrived, withheld = running.treated[0], running.control[0]
    running.did(arrived, "delivery")
    running.did(withheld, "delivery")
    report = running.decide()
    (message,) = running.messages("care_guide")
    assert (message["person_id"], report.n_people) == (arrived, 2)
    assert report.n_decisions == 2  # the control group's is recorded
    assert message["due_at"] / 1e6 < (now + timedelta(hours=36)).timestamp()
    step = next(step for step in running.world.plan.steps() if step.id == "first_time.care_guide")
    day = LIVE_AT + timedelta(days=(step.due_on - LIVE_AT.date()).days)
    tick(running.store, running.lake, running.clock, KEY, "nord", day, seed=1, slot=timedelta(hours=24))
    people = [row["person_id"] for row in running.messages("care_guide")]
    assert len(people) == len(set(people)) > 1
    with running.store.read() as uow:
        versions = uow.batches.lake_versions()
    with running.lake.open(versions) as view:
        rows = view.raw("decisions").to_pyarrow().to_pylist()
    decided = [(row["step_id"], row["person_id"]) for row in rows]
    assert len(decided) == len(set(decided))


def test_s2_16_a_delivery_sends_nothing_to_whoever_is_withheld_from_the_step(running: Running) -> None:
    running.at(2)
    plan, (out, other) = running.world.plan, running.treated[:2]
    held = hold_out(running.store, plan, "step", "first_time.care_guide")
    rows = [{"person_id": who, "cohort": "first_time", "arm": "control" if who == out else "treated"}
            for who in running.treated]  # fmt: skip
    with running.store.unit_of_work() as uow:
        uow.assignments.put("nord", held.experiment_id(plan), pa.Table.from_pylist(rows))
    for who in (out, other):
        running.did(who, "delivery")
    assert running.decide().n_decisions == 2, "the one about the withheld person is stored, too"
    assert [row["person_id"] for row in running.messages("care_guide")] == [other]


def test_s2_03_a_review_is_asked_for_some_days_after_delivery(running: Running) -> None:
    running.at(1)
    assert WAITS["review_invitation"] == timedelta(days=7)
    step = next(
        s for s in running.world.plan.steps() if s.kind == "review_invitation" and s.id.startswith("first_time")
    )
    assert step.trigger == "delivered"
    person = running.treated[0]
    running.did(person, "delivery")
    assert running.decide().n_waiting == 1
    assert running.messages("review_invitation") == []
    running.at(8.1)
    assert running.decide().n_decisions == 1
    assert [row["person_id"] for row in running.messages("review_invitation")] == [person]


def test_nobody_of_the_plan_nobody_decided(running: Running) -> None:
    running.at(2)
    running.live.events({"id": "x", "at": running.clock.now().isoformat(), "kind": "delivery", "device_id": "stranger"})
    running.live.flush()
    assert running.decide().n_decisions == 0
    assert running.decide() == TriggerReport()


def test_a_machine_s_click_is_no_deed(running: Running) -> None:
    event = {"id": "x", "at": LIVE_AT.isoformat(), "kind": "mail_click", "device_id": "d", "machine": True}
    running.live.events(event)
    assert running.live.flush().n_deeds == 0


def test_a_dated_step_hears_nothing(running: Running) -> None:
    plan = running.world.plan
    dated = next(step for step in plan.steps() if step.trigger == "dated")
    assert not listens(plan, dated, plan.anchor_on)
    assert {trigger.id for trigger in TRIGGERS} == {"delivered", "intent"}
