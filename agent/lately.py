"""What was worked out a moment ago, for whoever asks again: one reading of a report while its pages are turned."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

Made = TypeVar("Made")
KEPT_FOR = timedelta(minutes=5)
MOST = 32


class Lately:
    """Keeps the last values by key for a while, in this process alone; whoever asks at the same time waits for one."""

    def __init__(self, kept_for: timedelta = KEPT_FOR, most: int = MOST) -> None:
        """Keep each value for `kept_for`, and at most so many."""
        self._kept_for, self._most = kept_for, most
        self._values: OrderedDict[tuple[str, ...], tuple[datetime, Any]] = OrderedDict()
        self._locks: dict[tuple[str, ...], Lock] = {}
        self._lock = Lock()

    def get(self, key: tuple[str, ...], now: datetime, make: Callable[[], Made]) -> Made:
        """Give what is kept under the key and young enough, else what `make` gives; an error is not kept."""
        with self._lock:
            mine = self._locks.setdefault(key, Lock())
        with mine:
            found = self._values.get(key)
            if found is not None and abs(now - found[0]) < self._kept_for:
                kept: Made = found[1]
                return kept
            made = make()
            with self._lock:
                self._values[key] = (now, made)
                self._values.move_to_end(key)
                while len(self._values) > self._most:
                    self._locks.pop(self._values.popitem(last=False)[0], None)
            return made
