"""The clock of a replay: every entry is stamped with the instant it was recorded at."""

from collections.abc import Sequence
from datetime import datetime

from memory.domain.session import SessionEvent


class RecordedClock:
    """Gives the recorded instants one after the other, then the last one for ever."""

    def __init__(self, events: Sequence[SessionEvent]) -> None:
        """Read the instants of these entries."""
        self._instants = [event.at for event in events]
        self._next = 0

    def now(self) -> datetime:
        """Give the next recorded instant."""
        at = self._instants[min(self._next, len(self._instants) - 1)]
        self._next += 1
        return at
