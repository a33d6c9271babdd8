"""A7: a PostgreSQL that restarts again and again under a dispatcher, judged by the provider's journal."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from agent.dispatch import dispatch
from agent.dispatch.run import Run
from eval.faults.databases import copy_to_postgres, fresh_database, read_rows
from eval.faults.kills import waits
from eval.faults.oracle import Verdict, judge
from eval.faults.planted import plant
from eval.faults.provider import LoopbackSender, read_journal, serving
from memory.domain.clock import ManualClock
from memory.domain.message import HandOff, Rendered
from memory.store.engine import StoreUnavailable, open_store
from tests.agent.dispatch.conftest import KEY
from tests.factories.doing import LIVE_AT, World
from tests.servers.postgres import restart_server, running_server, server_folder

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
NOON = LIVE_AT + timedelta(days=1, hours=10)
LEASE_OVER = timedelta(minutes=3)
PLANNED, ROUND = "planned", "restarted"


@pytest.fixture(scope="module")
def restarting(planned_database: tuple[Path, World]) -> Iterator[tuple[Path, str]]:
    """A server of our own with the planned messages, and the folder of its programs."""
    programs = server_folder()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with running_server(programs) as address:
        copy_to_postgres(planned_database[0], address, PLANNED)
        yield programs, address


class Slow(LoopbackSender):
    """Takes a while for each message, so that restarts fall in between."""

    def hand_off(self, message: Rendered) -> HandOff:
        time.sleep(0.01)
        return super().hand_off(message)


class Restarts(threading.Thread):
    """Restarts the server whenever the provider has taken so many more messages, as a crash and gently in turn."""

    def __init__(self, programs: Path, address: str, journal: Path, at: Sequence[int]) -> None:
        super().__init__()
        self.n, self.over = 0, threading.Event()
        self._server, self._journal, self._at = (programs, address), journal, at

    def run(self) -> None:
        for mode, n_taken in zip(cycle(("immediate", "fast")), self._at, strict=False):
            while len(read_journal(self._journal)) < n_taken:
                if self.over.wait(0.01):
                    return
            restart_server(*self._server, mode)
            self.n += 1


def drain_under_restarts(
    restarting: tuple[Path, str], journal: Path, kind: Any, at: Sequence[int]
) -> tuple[Verdict, list[str], str]:
    """Drain until nothing waits; give the verdict, what was said, and the address of what is left."""
    url, clock = fresh_database(restarting[1], ROUND, PLANNED), ManualClock(NOON)
    restarts, said = Restarts(*restarting, journal, at), list[str]()
    with serving(journal) as port, closing(open_store(url)) as store:
        sender, ends = Slow(port, kind, clock), time.monotonic() + 60
        restarts.start()
        try:
            while time.monotonic() < ends:
                try:
                    dispatch(store, {"email": sender}, clock, KEY, "nord")
                    if not waits(store, "nord", clock.now() + LEASE_OVER):
                        break
                    clock.advance(LEASE_OVER)
                except StoreUnavailable as error:
                    said.append(str(error))
                    time.sleep(0.02)
        finally:
            restarts.over.set()
            restarts.join()
    assert restarts.n == len(at)
    return judge(url, journal, kind, clock.now()), said, url


@pytest.mark.parametrize("provider", ["blind", pytest.param("keyed", marks=pytest.mark.long)])
def test_a7_a_postgresql_that_restarts_doubles_nothing_loses_nothing_and_is_said(
    restarting: tuple[Path, str], tmp_path: Path, provider: str
) -> None:
    verdict, said, url = drain_under_restarts(restarting, tmp_path / "journal", provider, (5, 15, 30))
    assert verdict.is_good, verdict
    assert verdict.n_delivered >= verdict.n_messages - verdict.n_unknown > 30
    assert said, "no restart fell into a transaction"
    assert all(why.startswith("The database cannot be used now: ") and "server" in why for why in said)
    unclaimed = "SELECT send_key FROM outbox WHERE state IN ('sent', 'unknown') AND (fence = 0 OR claimed_at = 0)"
    assert read_rows(url, unclaimed) == []
    assert provider == "blind" or verdict.n_unknown == 0


@pytest.mark.long
def test_a7_planted_a_hand_off_before_the_commit_of_its_claim_doubles_when_the_server_restarts(
    restarting: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Run, "_one_batch", Run._one_batch)  # put back afterwards
    plant("send-then-mark")
    verdict, _, _ = drain_under_restarts(restarting, tmp_path / "journal", "blind", (5, 15))
    assert verdict.n_doubled > 0, verdict
