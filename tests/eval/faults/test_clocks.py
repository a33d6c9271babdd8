"""A8 in short: the wall clock jumps between claim, hand-off, mark and recovery; long: `eval.faults clocks`."""

import json
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.dispatch import hand
from agent.dispatch.hand import Hand
from eval.faults.clocks import jump_many, jump_once, make_waiting
from eval.faults.preloads import FakedClock, NoPreload, under_faketime
from memory import faults
from memory.domain.message import Accepted
from memory.store.ahead import Ahead
from memory.store.outbox import Outbox
from tests.agent.dispatch.conftest import Desk, Scripted

pytestmark = pytest.mark.slow
NOON = time(12)
INTO_THE_NIGHT = [
    pytest.param(NOON, timedelta(hours=-11), id="back-into-the-night"),
    pytest.param(time(19, 59, 30), timedelta(minutes=1), id="past-closing-within-the-lease"),
]


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store that every round begins with."""
    return make_waiting(tmp_path_factory.mktemp("waiting"))


def run_faked(tmp_path: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """Run the command in a process whose machine's clock jumps; give its exit code and report."""
    command = [sys.executable, "-m", "eval.faults.clocks", "--faked", *words]
    environment = under_faketime(tmp_path / "offset")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, env=environment)
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, report


@pytest.mark.parametrize(("provider", "n_rounds"), [
    ("blind", 1),
    pytest.param("blind", 8, marks=pytest.mark.long),
    pytest.param("keyed", 8, marks=pytest.mark.long),
])  # fmt: skip
def test_a8_a_whole_process_whose_machine_s_clock_jumps_doubles_nothing_and_passes_no_cap_or_hour(
    tmp_path: Path, provider: str, n_rounds: int
) -> None:
    """By an hour, a year and a lease, to 2038-01-19 and to a leap day, for whoever asks the C library."""
    words = ("--provider", provider, "--rounds", str(n_rounds), "--seed", "3")
    code, report = run_faked(tmp_path, *words)
    assert code == 0, report
    assert report["n_jumps"] >= report["n_rounds"] == n_rounds
    assert report["n_delivered"] > 0


@pytest.mark.postgres
@pytest.mark.parametrize("n_rounds", [1, pytest.param(4, marks=pytest.mark.long)])
def test_a8_a_process_whose_machine_s_clock_jumps_beside_a_postgresql_whose_own_does_not(
    tmp_path: Path, postgres_address: str, n_rounds: int
) -> None:
    words = ("--provider", "blind", "--rounds", str(n_rounds), "--seed", "3", "--postgres", postgres_address)
    code, report = run_faked(tmp_path, *words)
    assert code == 0, report
    assert report["n_jumps"] >= report["n_rounds"] == n_rounds
    assert report["n_delivered"] > 0


def test_a8_the_machine_s_clock_can_be_moved_only_where_the_library_is_loaded() -> None:
    with pytest.raises(NoPreload, match="under_faketime"):
        FakedClock(datetime(2038, 1, 19, tzinfo=UTC))


@pytest.mark.long
@pytest.mark.parametrize("provider", ["keyed", "blind"])
def test_a8_a_clock_that_jumps_doubles_nothing_and_passes_no_cap_or_hour(tmp_path: Path, provider: str) -> None:
    report = jump_many(tmp_path, 3, provider, seed=8)  # type: ignore[arg-type]
    assert report.is_good, report
    assert report.n_jumps >= report.n_rounds
    assert report.n_delivered > 0


@pytest.mark.long
@pytest.mark.postgres
def test_a8_a_clock_that_jumps_on_postgresql(tmp_path: Path, postgres_address: str) -> None:
    report = jump_many(tmp_path, 2, "blind", seed=9, server=postgres_address)
    assert report.is_good, report
    assert report.n_jumps > 2


@pytest.mark.parametrize("provider", ["keyed", "blind"])
@pytest.mark.parametrize(("at", "jump"), INTO_THE_NIGHT)
def test_a8_hours_are_looked_at_again_after_a_jump_between_claim_and_hand_off(
    tmp_path: Path, waiting: Path, provider: str, at: time, jump: timedelta
) -> None:
    report = jump_once(tmp_path, provider, at, jump, waiting=waiting)  # type: ignore[arg-type]
    assert report.is_good, report
    assert (report.n_jumps, report.n_delivered) == (1, 6)


@pytest.mark.parametrize(("at", "jump"), INTO_THE_NIGHT)
def test_a8_planted_a_dispatcher_that_trusts_the_hours_of_the_claim_is_caught(
    tmp_path: Path, waiting: Path, monkeypatch: pytest.MonkeyPatch, at: time, jump: timedelta
) -> None:
    monkeypatch.setattr(Hand, "_look_again", lambda *_: "")
    report = jump_once(tmp_path, "blind", at, jump, waiting=waiting)
    assert report.n_outside_hours > 0, report


@pytest.mark.long
def test_a8_planted_a_wait_that_counts_before_it_was_written_is_caught(
    tmp_path: Path, waiting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lasts till the next day of the clock that was ahead."""
    monkeypatch.setattr(Ahead, "any", lambda *_: False)
    assert jump_many(tmp_path, 3, "blind", seed=8, waiting=waiting).n_kept_waiting > 0


@pytest.mark.parametrize("provider", ["keyed", "blind"])
def test_a8_a_jump_past_the_lease_leaves_the_message_to_the_heir(tmp_path: Path, waiting: Path, provider: str) -> None:
    report = jump_once(tmp_path, provider, NOON, timedelta(minutes=3), has_heir=True, waiting=waiting)  # type: ignore[arg-type]
    assert report.is_good, report
    assert report.n_delivered == 6


def test_a8_planted_a_worker_that_ignores_its_lease_is_caught(
    tmp_path: Path, waiting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It neither looks at the claim again nor asks whether it may begin."""
    monkeypatch.setattr(Hand, "_judged", lambda *_: "")
    monkeypatch.setattr(Outbox, "start", lambda *_: True)
    report = jump_once(tmp_path, "blind", NOON, timedelta(minutes=3), has_heir=True, waiting=waiting)
    assert (report.n_over_cap > 0, report.n_unlisted > 0) == (True, True), report


def _stopwatch_that_runs_out_at_the_first_hand_off(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put a lease's time on the machine's monotonic clock when the first message is in hand; give what was heard."""
    heard: list[str] = []
    monkeypatch.setattr(hand, "time", SimpleNamespace(monotonic=lambda: 120.0 if "K1" in heard else 0.0))
    return heard


@pytest.mark.parametrize(("is_planted", "n_handed_off"), [(False, 1), (True, 3)])
def test_a8_a_lease_ends_by_the_monotonic_clock_though_the_wall_clock_jumped_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, is_planted: bool, n_handed_off: int
) -> None:
    """By the wall clock the lease has an hour more to run; a worker that trusts that goes on handing off."""
    heard = _stopwatch_that_runs_out_at_the_first_hand_off(monkeypatch)
    if is_planted:
        monkeypatch.setattr(hand, "time", SimpleNamespace(monotonic=lambda: 0.0))

    def jump(point: str) -> None:
        if point == "K1" and not heard:
            desk.clock.advance(timedelta(hours=-1))
        heard.append(point)

    sender = Scripted([Accepted(receipt="r", at=desk.clock.now())], kind="blind")
    faults.listen(jump, "test")
    try:
        desk.run(sender, limit=3)
    finally:
        faults.listen(None, "test")
    assert len(sender.journal) == n_handed_off
