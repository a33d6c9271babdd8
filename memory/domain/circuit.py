"""A channel's circuit: after failures in a row it opens, later lets one message through, and closes when that works."""

import hashlib
from datetime import datetime, timedelta
from typing import Literal

from .base import Count, Frozen, Instant
from .clock import SKEW

CircuitState = Literal["closed", "open", "half_open"]
OPENS_AFTER = 5
"""Failures in a row that open it."""
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=30)


class Circuit(Frozen):
    """Where the circuit of one channel of a shop stands. Messages that are refused themselves do not count."""

    state: CircuitState = "closed"
    """Closed lets everything through, open nothing, half open one message."""
    n_failures: Count = 0
    """Failures in a row."""
    n_openings: Count = 0
    """How often it opened since it was last closed; each opening rests longer."""
    until: Instant | None = None
    """When it half opens; none where it is closed."""
    reason: str = ""
    """The last failure."""

    def at(self, now: datetime) -> "Circuit":
        """Give the circuit as it stands now: an open one half opens when its rest is over.

        So does one whose rest ends later than any that begins now: a clock that was ahead wrote it.
        """
        if self.state == "open" and self.until is not None and not now < self.until <= now + LONGEST_REST + SKEW:
            return self.model_copy(update={"state": "half_open"})
        return self

    def worked(self) -> "Circuit":
        """Give the circuit after a provider answered."""
        return Circuit()

    def failed(self, reason: str, now: datetime, *, opens_after: int = OPENS_AFTER, salt: str = "") -> "Circuit":
        """Give the circuit after an outage: it opens past the limit, and at once where it was half open.

        Rests grow by two up to `LONGEST_REST` and are spread by `salt`, so that channels do not come back together.
        """
        n_failures = self.n_failures + 1
        if self.state == "closed" and n_failures < opens_after:
            return self.model_copy(update={"n_failures": n_failures, "reason": reason[:200]})
        n_openings = self.n_openings + (self.state != "open")
        rest = min(LONGEST_REST, FIRST_REST * 2 ** min(n_openings - 1, 20))
        share = int(hashlib.sha256(f"{salt}\x1f{n_openings}".encode()).hexdigest()[:6], 16) / 16**6
        return Circuit(
            state="open",
            n_failures=n_failures,
            n_openings=n_openings,
            until=now + rest * (0.75 + share / 4),
            reason=reason[:200],
        )
