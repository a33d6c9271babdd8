"""What a worker does when its store fails it, or is not its own any more."""

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from agent.assembly import App
from agent.runs import worker as worker_module
from agent.runs.engine import RunEngine
from agent.runs.worker import LeftBehind, RunWorker, short_of_files
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from memory.store.engine import StoreUnavailable
from tests.factories.shop import a_shop


@pytest.fixture
def app(home: Path, clock: ManualClock) -> Iterator[App]:
    app = App(load_settings(home=home), clock, {})
    yield app
    app.close()


def test_a7_a_worker_says_why_its_store_failed_and_goes_on(app: App) -> None:
    worker, over, turns = RunWorker(app), threading.Event(), iter((StoreUnavailable(why="disk I/O error"), KeyError()))

    def turn() -> None:
        trouble = next(turns, None)
        if trouble is None:
            over.set()
            return
        raise trouble

    with capture_logs() as said:
        worker.repeat("drain", turn, 0.0, over)
    assert [(line["error"], "disk I/O error" in line.get("why", "")) for line in said] == [
        ("StoreUnavailable", True),
        ("KeyError", False),
    ]


def test_a10_a_worker_ends_when_a_newer_version_migrated_its_database(app: App) -> None:
    worker = RunWorker(app)
    worker.beat()
    with app.store.unit_of_work() as uow:
        uow.session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LeftBehind, match="newer version"):
        worker.beat()
    said: list[Any]
    with capture_logs() as said:
        worker.repeat("beat", worker.round, 60.0)  # returns at once: the worker is stopped
    assert [line["event"] for line in said] == ["worker_left_behind"]
    worker.wait()


def run_until_stopped(worker: RunWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the threads of a worker that has no runs, and wait until something stops it."""
    monkeypatch.setattr(RunWorker, "round", lambda _: None)
    monkeypatch.setattr(RunEngine, "start", lambda _: None)
    monkeypatch.setattr(RunEngine, "stop", lambda _: None)
    worker.start()
    worker.wait()
    worker.stop()


def test_a_worker_learns_effects_of_each_shop_in_a_thread_of_its_own(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Learning may take minutes: in the thread of the beat the worker would count as dead meanwhile."""
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop(shop_id="nord"))
        uow.shops.add(a_shop(shop_id="sud"))
    asked: list[tuple[str, str]] = []
    worker = RunWorker(app)

    def learned(store: object, lake: object, clock: object, shop_id: str) -> None:
        asked.append((threading.current_thread().name, shop_id))
        if shop_id == "sud":
            worker._stop.set()

    monkeypatch.setattr(worker_module, "learn_daily", learned)
    run_until_stopped(worker, monkeypatch)
    assert asked == [("worker-effects", "nord"), ("worker-effects", "sud")]


def test_s1_12_a_worker_brings_friends_in_a_thread_of_its_own(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Learning before them may take minutes, and a reward waits for them."""
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop(shop_id="nord"))
    asked: list[tuple[str, str]] = []
    worker = RunWorker(app)

    def brought(store: object, lake: object, clock: object, key: bytes, shop_id: str) -> None:
        asked.append((threading.current_thread().name, shop_id))
        worker._stop.set()

    monkeypatch.setattr(worker_module, "bring_friends", brought)
    run_until_stopped(worker, monkeypatch)
    assert asked == [("worker-friends", "nord")]


def test_a_shop_whose_friends_cannot_be_brought_keeps_no_other_shop_s_waiting(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop(shop_id="nord"))
        uow.shops.add(a_shop(shop_id="sud"))
    asked: list[str] = []

    def brought(store: object, lake: object, clock: object, key: bytes, shop_id: str) -> None:
        asked.append(shop_id)
        if shop_id == "nord":
            raise StoreUnavailable(why="database is locked")

    monkeypatch.setattr(worker_module, "bring_friends", brought)
    RunWorker(app).bring_friends()
    assert asked == ["nord", "sud"]


def test_a7_a_worker_names_too_few_open_files_whatever_the_error_is_called(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert short_of_files() == ""

    def refused(*_: Any) -> int:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(os, "open", refused)
    worker, over = RunWorker(app), threading.Event()

    def turn() -> None:
        over.set()
        raise ValueError("words of a library, perhaps with an address")

    with capture_logs() as said:
        worker.repeat("drain", turn, 0.0, over)
    assert [line["error"] for line in said] == ["ValueError"]
    assert "Too many open files" in said[0]["why"]
    assert "address" not in str(said)
