"""Turns of writers on one SQLite file, among threads and processes.

SQLite's own waiting looks again every tenth of a second; whoever writes again at once then comes first nearly always,
and of sixteen busy processes most give up. Here all wait for locks beside the file and look every few milliseconds.
SQLite stays the judge: where a lock cannot be had, its own waiting decides.
"""

import fcntl
import os
import time
from functools import cache
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

LONGEST_PAUSE = 0.008
"""Seconds between two looks at most."""


class Turn:
    """The turn to write to one file, for one process. A context manager that its holder may enter again."""

    def __init__(self, file: Path, patience: float) -> None:
        """Stand beside the database `file`; wait for other processes `patience` seconds at most."""
        self._place, self._patience = (f"{file}-next", f"{file}-turn"), patience
        self._threads = RLock()
        self._depth = 0
        self._held: int | None = None

    def __enter__(self) -> Self:
        """Wait for it."""
        self._threads.acquire()
        self._depth += 1
        if self._depth == 1:
            self._held = self._taken()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the next one have it."""
        self._depth -= 1
        if not self._depth and self._held is not None:
            held, self._held = self._held, None
            _unlocked(held)
        self._threads.release()

    def _taken(self) -> int | None:
        """Wait to be next, then for the turn itself: whoever comes back stands behind who was next already."""
        until = time.monotonic() + self._patience
        is_next = _locked(self._place[0], until)
        try:
            return _locked(self._place[1], until)
        finally:
            if is_next is not None:
                _unlocked(is_next)


def _locked(place: str, until: float) -> int | None:
    try:
        file = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:  # no place for it, a folder that takes no files: SQLite says what is wrong
        return None
    pause = 0.0005
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= until:
                os.close(file)
                return None
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return file


def _unlocked(file: int) -> None:
    fcntl.flock(file, fcntl.LOCK_UN)  # closing would not do where a fork holds the descriptor too
    os.close(file)


@cache
def turn_of(file: Path, _process: int, patience: float) -> Turn:
    """Give the one turn of a resolved file in this process; a forked process has one of its own."""
    return Turn(file, patience)
