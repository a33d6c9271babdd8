"""A10: pauses and resumptions during a run skip and repeat nothing, judged by the provider's journal."""

import shutil
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agent.dispatch import dispatch
from agent.dispatch.hand import Hand
from agent.runs import set_switch
from agent.tick import go_live, tick
from eval.faults.databases import copy_to_postgres, fresh_file
from eval.faults.kills import waits
from eval.faults.oracle import Verdict, judge
from eval.faults.provider import LoopbackSender, serving
from memory.domain.clock import ManualClock
from memory.domain.message import HandOff, Rendered
from memory.lake.lake import Lake
from memory.store.engine import open_store
from tests.agent.dispatch.conftest import KEY
from tests.factories.approvals import MIA
from tests.factories.doing import LIVE_AT, World, a_world

pytestmark = pytest.mark.slow
NOON = LIVE_AT + timedelta(days=1, hours=10)
N_PAUSES = 100
N_THREADS = 2


class Counting(LoopbackSender):
    """Counts what it hands off, and tells when another share of the run is done."""

    def __init__(self, port: int, kind: Any, clock: ManualClock, every: float) -> None:
        super().__init__(port, kind, clock)
        self.n, self.due, self._every, self._lock = 0, threading.Semaphore(0), every, threading.Lock()

    def hand_off(self, message: Rendered) -> HandOff:
        with self._lock:
            self.n += 1
            n_due = int(self.n / self._every) - int((self.n - 1) / self._every)
            for _ in range(n_due):
                self.due.release()
        return super().hand_off(message)


def run_with_pauses(url: str, journal: Path, kind: Any, n: int, n_pauses: int = N_PAUSES) -> tuple[Verdict, int]:
    """Drain with two threads while the switch is turned on and off; give the verdict and the worst late hand-offs."""
    clock, worst = ManualClock(NOON), 0
    with serving(journal) as port, closing(open_store(url)) as store:
        sender = Counting(port, kind, clock, (n - 5) / n_pauses)
        given: dict[Any, Any] = {"email": sender}

        def drain() -> None:
            while waits(store, "nord", clock.now()):
                dispatch(store, given, clock, KEY, "nord", threads=N_THREADS, opens_after=10**6)

        worker = threading.Thread(target=drain)
        worker.start()
        for _ in range(n_pauses):
            assert sender.due.acquire(timeout=60), "the run went on to its end before its last pause"
            set_switch(store, clock, MIA, "nord", is_stopped=True, reason="drill")
            n_at_stop = sender.n
            time.sleep(0.01)
            worst = max(worst, sender.n - n_at_stop)
            set_switch(store, clock, MIA, "nord", is_stopped=False)
        worker.join(600)
        assert not worker.is_alive()
    return judge(url, journal, kind, clock.now()), worst


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Callable[[int], Path]:
    """Give a store in which so many people were planned for."""

    @cache
    def made(n_people: int) -> Path:
        folder = tmp_path_factory.mktemp("crowded")
        path = folder / "crowded.db"
        shutil.copyfile(migrated_database, path)
        with closing(open_store(f"sqlite:///{path}")) as store:
            lake, clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
            go_live(store, lake, clock, KEY, a_world(store, lake, n_people).approved)
            slot = timedelta(days=2)
            tick(store, lake, clock, KEY, "nord", LIVE_AT, seed=1, slot=slot, exploration_rate=0.0)
        return path

    return made


@pytest.mark.parametrize("provider", ["blind", pytest.param("keyed", marks=pytest.mark.long)])
def test_a10_a_hundred_pauses_during_a_run_skip_and_repeat_nothing(
    planned_database: tuple[Path, World], tmp_path: Path, provider: str
) -> None:
    url = fresh_file(planned_database[0], tmp_path / "paused.db")
    n = len_of(url, NOON)
    verdict, worst = run_with_pauses(url, tmp_path / "journal", provider, n)
    assert (verdict.is_good, verdict.n_delivered) == (True, n), verdict
    assert worst <= N_THREADS  # those in hand


@pytest.mark.postgres
def test_a10_twenty_pauses_during_a_run_on_postgresql_skip_and_repeat_nothing(
    planned_database: tuple[Path, World], postgres_address: str, tmp_path: Path
) -> None:
    url = copy_to_postgres(planned_database[0], postgres_address, "paused")
    n = len_of(url, NOON)
    verdict, worst = run_with_pauses(url, tmp_path / "journal", "blind", n, n_pauses=20)
    assert (verdict.is_good, verdict.n_delivered) == (True, n), verdict
    assert worst <= N_THREADS


@pytest.mark.long
@pytest.mark.parametrize(
    ("provider", "database"),
    [
        ("blind", "sqlite"),
        ("keyed", "sqlite"),
        pytest.param("keyed", "postgres", marks=pytest.mark.postgres),
    ],
)
def test_a10_a_hundred_pauses_during_a_run_of_10_000(
    crowded: Callable[[int], Path], tmp_path: Path, request: pytest.FixtureRequest, provider: str, database: str
) -> None:
    if database == "postgres":
        server = request.getfixturevalue("postgres_address")
        url = copy_to_postgres(crowded(11_000), server, f"paused_{provider}")
    else:
        url = fresh_file(crowded(11_000), tmp_path / "paused.db")
    n = len_of(url, NOON)
    assert n >= 10_000
    verdict, worst = run_with_pauses(url, tmp_path / "journal", provider, n)
    assert (verdict.is_good, verdict.n_delivered) == (True, n), verdict
    assert worst <= N_THREADS


@pytest.mark.long
def test_a10_planted_a_pause_that_hands_off_what_it_gives_back_is_caught(
    planned_database: tuple[Path, World], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_back = Hand._give_back

    def hand_off_too(self: Hand, claimed: Any) -> None:
        self._sender.hand_off(claimed.message)
        give_back(self, claimed)

    monkeypatch.setattr(Hand, "_give_back", hand_off_too)
    url = fresh_file(planned_database[0], tmp_path / "paused.db")
    verdict, _ = run_with_pauses(url, tmp_path / "journal", "blind", len_of(url, NOON))
    assert verdict.n_doubled > 0, verdict


def len_of(url: str, at: datetime) -> int:
    """Count the messages that wait at an instant."""
    with closing(open_store(url)) as store, store.read() as uow:
        return len(uow.outbox.due("nord", "email", at, 100_000, lock=False))
