"""A7 and A8 for the whole server process: few open files, and a machine's clock that jumps."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from agent.assembly import assemble
from agent.settings import load_settings
from eval.faults.databases import read_rows
from eval.faults.preloads import under_faketime
from memory.domain.clock import ManualClock
from memory.domain.run import Schedule
from tests.factories.shop import a_shop

pytestmark = [pytest.mark.slow, pytest.mark.long]
SERVE = (
    # libfaketime 0.9.10 refuses the monotonic sleep of Python; waiting for an event sleeps as well
    "import threading, time; time.sleep = lambda seconds: threading.Event().wait(seconds); "
    "from api.cli.main import run; run()"
)
SET_UP_AT = datetime(2028, 2, 29, 22, 55, tzinfo=UTC)
END_OF_32_BITS = datetime(2038, 1, 19, 3, 13, 53, tzinfo=UTC)
"""Some seconds before 32 bits of seconds end: after the jumps the clock passes that instant by itself."""
PLACES = (
    datetime(2028, 2, 29, 22, 59, 30, tzinfo=UTC),
    datetime(2028, 3, 1, 0, 0, 1, tzinfo=UTC),
    datetime(2029, 3, 1, 0, 0, 1, tzinfo=UTC),
    END_OF_32_BITS,
    datetime(2038, 1, 19, 4, 0, 1, tzinfo=UTC),
)
RUNS = "SELECT slot, count(*) FROM run WHERE schedule_id = 's' GROUP BY slot"


@contextmanager
def serving(home: Path, *words: str, environment: dict[str, str] | None = None, n_files: int = 0) -> Iterator[str]:
    """Run `secondorder serve` in a process of its own and give its address once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (n_files, n_files))) if n_files else None
    command = [sys.executable, "-c", SERVE, "serve", "--home", str(home), "--port", str(port), *words]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env=environment or dict(os.environ), preexec_fn=limit
        )
    try:
        until(lambda: is_well(f"http://127.0.0.1:{port}") or process.poll() is not None, 120)
        assert process.poll() is None, (home / "log").read_text(encoding="utf-8")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def is_well(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def refusal(address: str) -> str:
    """What a caller reads who is not let in; empty where it reads nothing."""
    try:
        answer = httpx.get(f"{address}/ready", timeout=5)
    except httpx.HTTPError:
        return ""
    return answer.text if (answer.status_code, answer.headers.get("retry-after")) == (503, "5") else ""


def until(is_so: Callable[[], bool], seconds: float) -> bool:
    ends = time.monotonic() + seconds
    while not (found := is_so()) and time.monotonic() < ends:
        time.sleep(0.1)
    return found


@pytest.fixture
def scheduled(home: Path) -> Path:
    """A home with a shop in which a tick fires every hour."""
    app = assemble(load_settings(home=home), ManualClock(SET_UP_AT))
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        uow.runs.schedule(
            Schedule(
                id="s", shop_id=a_shop().shop_id, kind="tick", every="hour", zone="UTC", created_by="mia",
                created_at=app.clock.now(),
            )
        )  # fmt: skip
    app.close()
    return home


def test_a8_a_serving_process_fires_each_slot_once_through_a_leap_night_and_the_end_of_32_bits(
    scheduled: Path, tmp_path: Path
) -> None:
    """The machine's clock goes on by itself and jumps by an hour and a year, to and fro."""
    offset, url = tmp_path / "offset", f"sqlite:///{scheduled / 'secondorder.db'}"
    environment = under_faketime(offset)

    def set_clock(at: datetime) -> None:
        fresh = offset.with_suffix(".new")
        fresh.write_text(f"{at.timestamp() - time.time():+.3f}\n", encoding="ascii")
        fresh.replace(offset)

    def fired() -> dict[str, int]:
        return {row[0]: row[1] for row in read_rows(url, RUNS)}

    def go_to(at: datetime) -> None:
        set_clock(at)
        slot = f"{at:%Y-%m-%dT%H}Z"
        if at.replace(minute=0, second=0) >= SET_UP_AT - timedelta(hours=1):
            expected.add(slot)
            assert until(lambda: slot in fired(), 30), (at, fired())
        assert is_well(address)

    expected: set[str] = set()
    set_clock(SET_UP_AT)
    with serving(scheduled, "--runs", environment=environment) as address:
        for at in PLACES:
            for jump in (timedelta(), timedelta(hours=-1), timedelta(days=-365), timedelta(seconds=10)):
                go_to(at + jump)
            if at == END_OF_32_BITS:
                time.sleep(6)
        assert is_well(address)
    assert fired() == dict.fromkeys(expected, 1)
    assert len(expected) > len(PLACES)
    said = (scheduled / "log").read_text(encoding="utf-8")
    assert "worker_round_failed" not in said
    assert "Traceback" not in said


def test_a7_a_server_with_too_few_files_says_so_and_answers_again_once_connections_are_closed(scheduled: Path) -> None:
    with serving(scheduled, "--no-runs", n_files=64) as address, ExitStack() as held, httpx.Client() as known:
        port = int(address.rpartition(":")[2])
        assert known.get(f"{address}/ready").json() == {"status": "good", "bad": []}
        for _ in range(80):
            held.enter_context(socket.create_connection(("127.0.0.1", port), 5))
        assert until(lambda: refusal(address).startswith("Too many connections for the open files"), 30)
        assert not is_well(address)
        held.close()
        assert until(lambda: is_well(address), 30)
        lately = httpx.get(f"{address}/ready")
        assert (lately.status_code, lately.json()) == (503, {"status": "bad", "bad": ["connections"]})
    said = (scheduled / "log").read_text(encoding="utf-8")
    assert said.count("connections_refused") == 1
    assert "Traceback" not in said


def test_a7_planted_a_server_without_a_door_drops_connections_without_a_word(
    scheduled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.SERVE", f"from api.http import door; door.LEAST = 10_000; {SERVE}")
    with serving(scheduled, "--no-runs", n_files=64) as address, ExitStack() as held:
        for _ in range(80):
            held.enter_context(socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), 5))
        assert not until(lambda: refusal(address) != "", 3)
    assert "connections_refused" not in (scheduled / "log").read_text(encoding="utf-8")
