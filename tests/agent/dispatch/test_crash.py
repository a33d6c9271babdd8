"""A worker killed at any point: keyed providers get each message once, blind ones at most once, none is lost."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.agent.dispatch.conftest import Desk
from tests.factories.doing import LIVE_AT, World

WORKERS = """
import json, os, signal, sys
from datetime import datetime
from agent.dispatch import dispatch
from memory.domain.clock import ManualClock
from memory.domain.message import Accepted
from memory.store.engine import open_store

class Provider:
    name, is_live, key_life = "journal", False, None
    def __init__(self, clock, journal, kind, point, count):
        self.clock, self.journal, self.kind, self.point, self.count, self.n = clock, journal, kind, point, count, 0
    def hand_off(self, message):
        self.n += 1
        if self.point == "before" and self.n == self.count: os.kill(os.getpid(), signal.SIGKILL)
        handle = os.open(self.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, (message.send_key + "\\n").encode()); os.close(handle)
        if self.point == "after" and self.n == self.count: os.kill(os.getpid(), signal.SIGKILL)
        return Accepted(receipt="r", at=self.clock.now())

def work(url, at, *provider):
    clock = ManualClock(datetime.fromisoformat(at))
    store = open_store(url)
    dispatch(store, {"email": Provider(clock, *provider)}, clock, b"a key for tests only, 32 bytes..", "nord")
    store.close()

work(*sys.argv[1:3], "/dev/null", "keyed", "never", 0)
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        work(*json.loads(line))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""
"""Dispatches once so that everything is loaded, holds no connection then, and forks a worker for each line it reads."""


@pytest.fixture(scope="module")
def workers(
    planned_database: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[subprocess.Popen[str]]:
    copy = tmp_path_factory.mktemp("warm") / "warm.db"
    shutil.copyfile(planned_database[0], copy)
    noon = LIVE_AT + timedelta(days=1, hours=10)
    command = [sys.executable, "-c", WORKERS, f"sqlite:///{copy}", noon.isoformat()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def run_worker(process: subprocess.Popen[str], desk: Desk, journal: Path, kind: str, point: str, count: int) -> int:
    """Let one worker dispatch, and give its exit code; the signal that killed it as a negative number."""
    assert process.stdin and process.stdout
    told = [str(desk.store.engine.url), desk.clock.now().isoformat(), str(journal), kind, point, count]
    process.stdin.write(json.dumps(told) + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["keyed", "blind"])
def test_a1_kill_9_doubles_nothing_and_loses_nothing(
    desk: Desk, tmp_path: Path, workers: subprocess.Popen[str], kind: str
) -> None:
    """Killed before the provider commits, after it committed, and deep in a batch; the journal is the oracle."""
    n, journal = len(desk.planned()), tmp_path / "journal"
    for point, count in (("before", 1), ("after", 1), ("after", 7), ("before", 4)):
        assert run_worker(workers, desk, journal, kind, point, count) == -signal.SIGKILL
        desk.clock.advance(timedelta(minutes=3))  # the lease runs out
    assert run_worker(workers, desk, journal, kind, "never", 0) == 0
    delivered = journal.read_text().split()
    states = desk.counts()
    assert sum(states.values()) == n
    if kind == "keyed":
        assert states == {("sent", ""): n}
        assert len(set(delivered)) == n
        assert len(delivered) > n, "the kills left doubts: a provider that knew no keys would have doubled"
    else:
        assert len(delivered) == len(set(delivered))
        assert {state for state, _ in states} == {"sent", "unknown"}
        assert states[("unknown", "lease_lapsed")] == 4
        with desk.store.read() as uow:
            unknown = {row.send_key for row in uow.outbox.unknown("nord")}
            assert len(set(delivered) - unknown) == states[("sent", "")]
