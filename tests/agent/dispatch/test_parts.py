"""Part holdouts at the hand-off: a tick that forgets them is caught by either checker, and so are merges since."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from agent.dispatch import checks, claim
from agent.tick import go_live, tick
from agent.tick import run as tick_run
from agent.verify import message as second_checker
from memory.domain.clock import ManualClock
from memory.domain.facts import IDENTITIES_SCHEMA
from memory.domain.message import Rendered
from memory.domain.part_holdout import PartHoldout
from memory.lake.lake import Lake
from memory.store.engine import open_store
from tests.agent.dispatch.conftest import KEY, Desk, Scripted
from tests.factories.doing import LIVE_AT, World, a_world
from tests.factories.parts import JOURNEY, THANKS, arms_in, hold_out, of_arm
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow
Made = tuple[Path, World, dict[str, PartHoldout]]


@pytest.fixture(scope="module")
def forgetful_database(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Made:
    """A plan with both kinds of part holdouts whose tick forgot them: everyone treated has a thank-you planned."""
    folder = tmp_path_factory.mktemp("forgetful")
    shutil.copyfile(migrated_database, path := folder / "forgetful.db")
    store, lake, clock = open_store(f"sqlite:///{path}"), Lake(folder / "lake"), ManualClock(LIVE_AT)
    world = a_world(store, lake, 60)
    held = {
        "journey": hold_out(store, world.plan, "journey", JOURNEY, 0.3),
        "step": hold_out(store, world.plan, "step", THANKS, 0.3),
    }
    go_live(store, lake, clock, KEY, world.approved)
    with pytest.MonkeyPatch.context() as planted:
        planted.setattr(tick_run, "withhold", lambda table, *_: table)
        tick(store, lake, clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=2), exploration_rate=0.0)
    store.close()
    return path, world, held


class Forgetful(Desk):
    """A desk whose tick forgot whom the parts withhold."""

    held: dict[str, PartHoldout]

    def out(self) -> set[str]:
        """Everyone withheld from the journey or the step."""
        return {
            person for one in self.held.values() for person in of_arm(arms_in(self.store, self.world, one), "control")
        }


@pytest.fixture
def forgetful(forgetful_database: Made, tmp_path: Path) -> Iterator[Forgetful]:
    path, world, held = forgetful_database
    shutil.copyfile(path, copy := tmp_path / "copy.db")
    desk = Forgetful(open_store(f"sqlite:///{copy}"), ManualClock(LIVE_AT), world)
    desk.held = held
    desk.to_noon()
    yield desk
    desk.store.close()


def people_reached(desk: Desk, sender: MemorySender) -> set[str]:
    with desk.store.read() as uow:
        return {row.person_id for key in sender.messages if (row := uow.outbox.get(key)) is not None}


def test_i11_the_first_checker_refuses_what_a_forgetful_tick_planned(
    forgetful: Forgetful, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_checker, "parts", lambda *_: ())
    sender, planned = MemorySender(forgetful.clock), {row.person_id for row in forgetful.planned()}
    out = forgetful.out()
    assert out and out < planned
    assert forgetful.run(sender).suppressed == {"held_out": len(out)}
    assert people_reached(forgetful, sender) == planned - out


def test_i11_the_second_checker_refuses_it_without_the_first(
    forgetful: Forgetful, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim, "check", lambda *_: None)
    sender, planned = MemorySender(forgetful.clock), {row.person_id for row in forgetful.planned()}
    out = forgetful.out()
    assert forgetful.run(sender).suppressed == {"held_out": len(out)}
    assert people_reached(forgetful, sender) == planned - out


def test_planted_without_either_check_they_would_be_messaged(
    forgetful: Forgetful, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_is_held_out", lambda *_: False)
    monkeypatch.setattr(second_checker, "parts", lambda *_: ())
    sender = MemorySender(forgetful.clock)
    forgetful.run(sender)
    assert forgetful.out() <= people_reached(forgetful, sender)


def test_b8_i11_a_merge_between_claim_and_hand_off_is_seen_at_the_hand_off(forgetful: Forgetful) -> None:
    """The first hand-off of the batch merges a withheld record into the person of a later message."""
    out = forgetful.out()
    welcome = [row for row in forgetful.planned() if row.person_id not in out]
    last = welcome[-1]

    def merge(_: Rendered) -> None:
        move = [{"subject_id": min(out), "person_id": last.person_id}]
        with forgetful.store.unit_of_work() as uow:
            uow.identities.replace(pa.Table.from_pylist(move, IDENTITIES_SCHEMA))

    answer = MemorySender(forgetful.clock).hand_off(
        Rendered(send_key="x", channel="email", message_class="service", to="x", text="x")
    )
    sender = Scripted([answer], before=merge)
    report = forgetful.run(sender)
    assert last.send_key not in {message.send_key for message in sender.journal}
    assert report.suppressed == {"held_out": len(out) + 1}


def test_i11_whoever_has_no_arm_in_a_part_s_experiment_gets_nothing_of_it(desk: Desk) -> None:
    """A row written past the rules, after go-live: nobody was drawn, so nobody may be messaged."""
    hold_out(desk.store, desk.world.plan, "step", THANKS, 0.1)
    n = len(desk.planned())
    assert desk.run().suppressed == {"held_out": n}
