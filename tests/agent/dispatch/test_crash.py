"""A worker killed at any point: keyed providers get each message once, blind ones at most once, none is lost."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.agent.dispatch.conftest import Desk

WORKER = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from agent.dispatch import dispatch
from memory.domain.clock import ManualClock
from memory.domain.message import Accepted
from memory.store.engine import Store, open_store

url, journal, kind, at, point, count = sys.argv[1:7]
clock = ManualClock(datetime.fromisoformat(at))

class Provider:
    name, is_live, key_life = "journal", False, None
    def __init__(self): self.kind, self.n = kind, 0
    def hand_off(self, message):
        self.n += 1
        if point == "before" and self.n == int(count): os.kill(os.getpid(), signal.SIGKILL)
        handle = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, (message.send_key + "\\n").encode()); os.close(handle)
        if point == "after" and self.n == int(count): os.kill(os.getpid(), signal.SIGKILL)
        return Accepted(receipt="r", at=clock.now())

dispatch(open_store(url), {"email": Provider()}, clock, b"a key for tests only, 32 bytes..", "nord")
"""


def run_worker(desk: Desk, journal: Path, kind: str, point: str, count: int) -> int:
    url = str(desk.store.engine.url)
    arguments = [sys.executable, "-c", WORKER, url, str(journal), kind, desk.clock.now().isoformat(), point, str(count)]
    return subprocess.run(arguments, check=False, timeout=120).returncode


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["keyed", "blind"])
def test_a1_kill_9_doubles_nothing_and_loses_nothing(desk: Desk, tmp_path: Path, kind: str) -> None:
    """Killed before the provider commits, after it committed, and deep in a batch; the journal is the oracle."""
    n, journal = len(desk.planned()), tmp_path / "journal"
    for point, count in (("before", 1), ("after", 1), ("after", 7), ("before", 4)):
        assert run_worker(desk, journal, kind, point, count) == -signal.SIGKILL
        desk.clock.advance(timedelta(minutes=3))  # the lease runs out
    assert run_worker(desk, journal, kind, "never", 0) == 0
    delivered = journal.read_text().split()
    states = desk.counts()
    assert sum(states.values()) == n
    if kind == "keyed":
        assert states == {("sent", ""): n}
        assert len(set(delivered)) == n
    else:
        assert len(delivered) == len(set(delivered))
        assert {state for state, _ in states} == {"sent", "unknown"}
        assert states[("unknown", "lease_lapsed")] == 4
        with desk.store.read() as uow:
            unknown = {row.send_key for row in uow.outbox.unknown("nord")}
            assert len(set(delivered) - unknown) == states[("sent", "")]
