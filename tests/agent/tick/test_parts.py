"""Part holdouts: drawn at go-live among the treated, planned no message of their part, and stored as withheld."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from agent.tick import go_live, parts, tick
from agent.tick import run as tick_run
from agent.tick.drawing import drawn
from agent.tick.report import TickReport
from memory.domain.clock import ManualClock
from memory.domain.facts import IDENTITIES_SCHEMA
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.doing import LIVE_AT, World, a_world
from tests.factories.parts import JOURNEY, NEXT, THANKS, arms_in, hold_out, of_arm

pytestmark = pytest.mark.slow
KEY = b"a key for tests only, 32 bytes.."


class Running:
    """A plan that goes live with part holdouts."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.lake, self.clock = store, Lake(folder / "lake"), ManualClock(LIVE_AT)
        self.world: World = a_world(store, self.lake, 60)

    def go(self) -> None:
        go_live(self.store, self.lake, self.clock, KEY, self.world.approved)

    def tick(self, days: int = 2) -> TickReport:
        return tick(self.store, self.lake, self.clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=days),
                    exploration_rate=0.0)  # fmt: skip

    def messages(self) -> set[tuple[str, str]]:
        with self.store.read() as uow:
            rows = uow.outbox.due("nord", "email", LIVE_AT + timedelta(days=30), 1_000, lock=False)
        return {(row.step_id, row.person_id) for row in rows}

    def treated(self) -> set[str]:
        with self.store.read() as uow:
            rows = uow.assignments.arms("nord", self.world.plan.holdout.experiment_id).to_pylist()
        return {row["person_id"] for row in rows if row["arm"] == "treated"}

    def decisions(self) -> list[dict[str, object]]:
        with self.store.read() as uow:
            batch = uow.batches.last("nord")
        assert batch is not None
        with self.lake.open(batch.lake_versions, ["nord"]) as view:
            found: list[dict[str, object]] = view.raw("decisions").to_pyarrow().to_pylist()
        return found


@pytest.fixture
def running(store: Store, tmp_path: Path) -> Running:
    return Running(store, tmp_path)


def test_s2_16_a_step_is_withheld_from_a_share_of_the_treated_who_get_the_rest(running: Running) -> None:
    held = hold_out(running.store, running.world.plan, "step", THANKS, 0.3)
    running.go()
    arms = arms_in(running.store, running.world, held)
    out = of_arm(arms, "control")
    assert set(arms) == running.treated(), "the control group has no arm here"
    assert 5 < len(out) < 25
    report = running.tick(days=4)
    of_step = {person for step, person in running.messages() if step == THANKS}
    assert of_step == of_arm(arms, "treated")
    assert {person for step, person in running.messages() if step == NEXT} >= out, "the rest of the plan goes on"
    assert report.chosen["withheld"] == len(out)


def test_s2_16_a_decision_about_them_is_stored_as_withheld_with_no_option_and_no_message(running: Running) -> None:
    held = hold_out(running.store, running.world.plan, "step", THANKS)
    running.go()
    out = of_arm(arms_in(running.store, running.world, held), "control")
    running.tick()
    about = [row for row in running.decisions() if row["arm"] == "withheld"]
    assert {row["person_id"] for row in about} == out
    assert {(row["chosen"], row["chosen_reason"], row["propensity"]) for row in about} == {("none", "withheld", 1.0)}
    kept = {(row["arm"], row["chosen_reason"]) for row in running.decisions() if row["arm"] == "control"}
    assert kept == {("control", "control")}, "the plan's own control group stays what it was"


def test_s2_16_a_journey_is_withheld_as_a_whole_and_its_steps_are_drawn_among_the_others(running: Running) -> None:
    journey = hold_out(running.store, running.world.plan, "journey", JOURNEY, 0.4)
    step = hold_out(running.store, running.world.plan, "step", THANKS, 0.4)
    running.go()
    whole, part = (arms_in(running.store, running.world, one) for one in (journey, step))
    assert set(part) == of_arm(whole, "treated")
    running.tick(days=4)
    assert not {person for _, person in running.messages()} & of_arm(whole, "control")
    assert {person for name, person in running.messages() if name == THANKS} == of_arm(part, "treated")


def test_a_plan_without_part_holdouts_draws_none_and_decides_as_before(running: Running) -> None:
    running.go()
    report = running.tick()
    assert "withheld" not in report.chosen
    assert {person for _, person in running.messages()} == running.treated()


@pytest.mark.parametrize("few", [0, 5_000])
def test_s2_16_b8_who_was_drawn_stays_through_merges_and_a_second_draw(
    running: Running, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(parts, "FEW", few)
    held = hold_out(running.store, running.world.plan, "step", THANKS)
    running.go()
    arms = arms_in(running.store, running.world, held)
    out, other = min(of_arm(arms, "control")), min(of_arm(arms, "treated"))
    with running.store.unit_of_work() as uow:
        uow.identities.replace(pa.Table.from_pylist([{"subject_id": out, "person_id": other}], IDENTITIES_SCHEMA))
        again = pa.table({"person_id": [other, "new"], "cohort": ["first_time"] * 2})
        mask = drawn(uow, KEY, "nord", held.experiment_id(running.world.plan), again, 0.0)
    assert mask.to_pylist() == [True, False], "one withheld record withholds the person, whatever the share is now"
    running.tick()
    assert other not in {person for step, person in running.messages() if step == THANKS}
    assert arms_in(running.store, running.world, held) == arms


def test_planted_a_tick_that_forgets_them_plans_their_messages(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the hand-off then refuses is in tests/agent/dispatch/test_parts.py."""
    held = hold_out(running.store, running.world.plan, "step", THANKS)
    running.go()
    monkeypatch.setattr(tick_run, "withhold", lambda table, *_: table)
    running.tick()
    assert {person for _, person in running.messages()} >= of_arm(
        arms_in(running.store, running.world, held), "control"
    )
