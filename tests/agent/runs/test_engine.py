"""The durable engine: a killed worker's runs are taken up, and a new version strands nothing."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from agent.approval import decide
from agent.assembly import App, assemble
from agent.dispatch import DispatchReport
from agent.runs import worker as worker_module
from agent.runs.engine import engine_url
from agent.runs.firing import fire_due
from agent.runs.worker import RunWorker
from agent.settings import Settings, load_settings
from eval.faults.databases import copy_to_postgres
from memory.domain.clock import ManualClock
from memory.domain.errors import NotReady
from memory.domain.run import Run
from tests.agent.runs.conftest import AVA, STOCKED, a_schedule, clock_of
from tests.factories.small_shop import ANCHOR_AT
from tests.servers.postgres import drop_database

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _no_stray_engine() -> Iterator[None]:
    yield
    from dbos import DBOS

    DBOS.destroy(destroy_registry=True)


def until(app: App, run: Run, *statuses: str, worker: RunWorker, seconds: float = 90) -> Run:
    """Let the worker go its rounds until the run stands in one of the statuses."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        worker.round()
        with app.store.read() as uow:
            found = uow.runs.get(run.id)
        if found.status in statuses:
            return found
        time.sleep(0.2)
    raise AssertionError(f"still {found.status}")


def test_dc_08_a_gate_survives_a_restart_under_another_version(house: App) -> None:
    (run,) = fire_due(house.store, house.clock)
    first = RunWorker(house, "first", version="version-a")
    first.engine.start()
    waiting = until(house, run, "waiting", worker=first)
    first.engine.stop(seconds=5)
    decide(house.store, house.clock, AVA, waiting.approval_id, "approve")
    clock_of(house).advance(LONG_DEAD)
    second = RunWorker(house, "second", version="version-b")
    second.engine.start()
    done = until(house, run, "finished", "stopped", worker=second)
    second.engine.stop(seconds=5)
    assert (done.status, done.reason, done.decided_by) == ("finished", "live", "human")


LONG_DEAD = timedelta(minutes=1)


def _work(settings: Settings, at: datetime) -> None:
    """A process that takes a run up, and is killed in the middle of its first step."""
    import agent.runs.engine as engine

    home = settings.home
    app = assemble(settings, ManualClock(at))

    def slow(_app: App, _run_id: str, _step: str) -> str:
        (home / "begun").touch()
        time.sleep(60)
        return "running"

    engine.carry_out = slow  # type: ignore[assignment,attr-defined]
    worker = RunWorker(app, "doomed", version="version-a")
    worker.engine.start()
    while True:
        worker.round()
        time.sleep(0.2)


@pytest.mark.parametrize("version", ["version-a", "version-b"])
def test_a1_a_run_in_flight_is_taken_up_when_its_worker_was_killed(house: App, version: str) -> None:
    """Under the same version it is resumed; under another one it is begun anew. Its steps skip what is done."""
    fired, found = kill_and_take_up(house, version)
    assert_done_once(house, fired, found, turn=1 if version == "version-a" else 2)


@pytest.mark.postgres
def test_a1_a_run_in_flight_is_taken_up_on_postgresql(house_on_postgresql: App) -> None:
    """The store and the engine's tables are on the server; killed and resumed like on SQLite."""
    assert engine_url(house_on_postgresql).startswith("postgresql://")
    fired, found = kill_and_take_up(house_on_postgresql, "version-a")
    assert_done_once(house_on_postgresql, fired, found, turn=1)


@pytest.fixture
def house_on_postgresql(drafted_home: Path, tmp_path: Path, postgres_address: str) -> Iterator[App]:
    """The house with its store, and so its engine, on PostgreSQL."""
    home = shutil.copytree(drafted_home, tmp_path / "house")
    name = f"house_{uuid4().hex[:12]}"
    url = copy_to_postgres(home / "secondorder.db", postgres_address, name)
    app = assemble(load_settings(home=home, database_url=url), ManualClock(ANCHOR_AT))
    yield app
    app.close()
    drop_database(postgres_address, name)


def kill_and_take_up(house: App, version: str) -> tuple[Run, Run]:
    """Kill the worker of a tick in its first step, and let an heir of the given version finish it; give both states."""
    home, at = house.settings.home, house.clock.now()
    with house.store.unit_of_work() as uow:
        uow.runs.schedule(a_schedule(house, kind="tick"))
    (run,) = fire_due(house.store, house.clock)
    house.store.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            _work(house.settings, at)
        finally:
            os._exit(1)
    ends = time.monotonic() + 60
    while not (home / "begun").exists():
        assert time.monotonic() < ends
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    clock_of(house).advance(LONG_DEAD)
    worker = RunWorker(house, "heir", version=version)
    worker.engine.start()
    found = until(house, run, "finished", worker=worker)
    worker.engine.stop(seconds=5)
    return run, found


def assert_done_once(house: App, fired: Run, found: Run, turn: int) -> None:
    assert found.turn == turn
    with house.store.read() as uow:
        assert [batch.slot_at for batch in uow.batches.all(STOCKED)][:1] == [fired.slot_at]


def test_a_worker_learns_from_plans_that_are_over_once_an_hour(house: App, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []

    def due(*given: object) -> tuple[()]:
        asked.append(house.clock.now())
        raise NotReady(what="the lift", why="no rates", remedy="Import them")

    monkeypatch.setattr(worker_module, "learn_due", due)
    worker = RunWorker(house, "learner", version="version-a")
    for minutes in (0, 30, 31):
        clock_of(house).advance(timedelta(minutes=minutes))
        worker.learn()
    assert [at - asked[0] for at in asked] == [timedelta(0), timedelta(minutes=61)], "one that fails is asked again"


def test_s2_22_s2_27_a_worker_hands_off_with_the_facts_at_hand(house: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lake, what people did since the tick would stop no message."""
    given: list[object] = []

    def hand_off(*_: object, lake: object = None, **more: object) -> DispatchReport:
        given.append(lake)
        return DispatchReport()

    monkeypatch.setattr(worker_module, "dispatch", hand_off)
    RunWorker(house, "sender", version="version-a").drain()
    assert given and set(map(id, given)) == {id(house.lake)}
