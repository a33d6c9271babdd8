"""Time as a port: production reads the system clock, tests and simulations hold it in their hands."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

SKEW = timedelta(minutes=5)
"""So far two right clocks may be apart; what is dated less ahead of the present one stands."""


class Clock(Protocol):
    """Whoever needs the time asks one of these."""

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  the one place


class ManualClock:
    """A clock that stands still until it is moved: for tests, the demo and replay."""

    def __init__(self, at: datetime) -> None:
        """Start at the aware instant `at`."""
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Give the instant the clock was last set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Move to `at`."""
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move on by `by`."""
        self._at += by
