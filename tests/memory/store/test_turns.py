"""Writers of one SQLite file take turns, in one process and in several."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from memory.store.turns import Turn

HOLD = """
import sys, time
from pathlib import Path
from memory.store.turns import Turn
with Turn(Path(sys.argv[1]), 5.0):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""
ROOT = Path(__file__).parents[3]


@contextmanager
def holding(file: Path, seconds: float) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the turn for so long; killed where it still lives at the end."""
    words = [sys.executable, "-c", HOLD, str(file), str(seconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield other
        other.kill()


def test_one_process_waits_for_another_and_gets_its_turn(tmp_path: Path) -> None:
    with holding(tmp_path / "store.db", 0.3) as other, Turn(tmp_path / "store.db", 30.0) as turn:
        assert other.wait(5) == 0
        assert turn._held is not None


def test_a_killed_holder_holds_nobody_up(tmp_path: Path) -> None:
    with holding(tmp_path / "store.db", 60.0) as other:
        other.kill()
        other.wait()
        with Turn(tmp_path / "store.db", 0.0) as turn:
            assert turn._held is not None


def test_out_of_patience_it_goes_on_and_leaves_the_judging_to_sqlite(tmp_path: Path) -> None:
    with holding(tmp_path / "store.db", 60.0), Turn(tmp_path / "store.db", 0.05) as turn:
        assert turn._held is None


def test_its_holder_may_enter_again_and_gives_it_up_at_the_last_leave(tmp_path: Path) -> None:
    mine, other = Turn(tmp_path / "store.db", 0.0), Turn(tmp_path / "store.db", 0.0)
    with mine:
        with mine:
            pass
        with other:
            assert other._held is None
    with other:
        assert other._held is not None


def test_a_place_that_takes_no_file_is_no_error(tmp_path: Path) -> None:
    with Turn(tmp_path / "nowhere" / "store.db", 30.0) as turn:
        assert turn._held is None


def test_a_fork_in_between_does_not_keep_it(tmp_path: Path) -> None:
    with Turn(tmp_path / "store.db", 0.0):
        child = os.fork()
        if child == 0:
            time.sleep(2)
            os._exit(0)
    with Turn(tmp_path / "store.db", 0.0) as turn:
        assert turn._held is not None
    os.kill(child, 9)
    os.waitpid(child, 0)


def is_locked(file: Path) -> bool:
    with file.open("a") as place:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def test_a4_whoever_writes_again_at_once_comes_after_who_waited(tmp_path: Path) -> None:
    """Without it a dispatcher that never pauses keeps all others out for as long as it has something to do."""
    file, order = tmp_path / "store.db", []

    def wait() -> None:
        with Turn(file, 30.0):
            order.append("waited")
            time.sleep(0.1)

    mine = Turn(file, 30.0)
    other = Thread(target=wait)
    with mine:
        other.start()
        while not is_locked(tmp_path / "store.db-next"):
            time.sleep(0.001)
    with mine:
        order.append("again")
    other.join()
    assert order == ["waited", "again"]
