"""What one dispatch did."""

from collections import Counter

from memory.domain.base import Count, Frozen
from memory.domain.outcome import Blocked


class DispatchReport(Frozen):
    """Counts of one run; every message it touched is in exactly one of them."""

    n_sent: Count = 0
    """Accepted by a provider."""
    suppressed: dict[str, Count] = {}
    """Ended without leaving, per reason."""
    failed: dict[str, Count] = {}
    """Refused for good by a provider, per reason."""
    n_unknown: Count = 0
    """Nobody can say whether they left; never re-sent by itself."""
    held: dict[str, Count] = {}
    """Waiting for a later instant, per reason."""
    n_retry: Count = 0
    """Refused for now; they will be tried again."""
    refused: tuple[Blocked, ...] = ()
    """Channels that may not send at all, and why."""

    @property
    def n_suppressed(self) -> int:
        """How many ended without leaving."""
        return sum(self.suppressed.values())


class Tally:
    """Counts while a run goes on."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.sent = self.unknown = self.retry = 0
        self.suppressed: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self.refused: list[Blocked] = []

    def ended(self, state: str, reason: str) -> None:
        """Count one message that reached a final state."""
        if state == "sent":
            self.sent += 1
        elif state == "unknown":
            self.unknown += 1
        else:
            (self.suppressed if state == "suppressed" else self.failed)[reason] += 1

    def report(self) -> DispatchReport:
        """Give the counts as a report."""
        return DispatchReport(
            n_sent=self.sent,
            suppressed=dict(sorted(self.suppressed.items())),
            failed=dict(sorted(self.failed.items())),
            n_unknown=self.unknown,
            held=dict(sorted(self.held.items())),
            n_retry=self.retry,
            refused=tuple(self.refused),
        )


def joined(reports: "list[DispatchReport]") -> DispatchReport:
    """Add reports of several channels."""
    tally = Tally()
    for report in reports:
        tally.sent += report.n_sent
        tally.unknown += report.n_unknown
        tally.retry += report.n_retry
        tally.suppressed.update(report.suppressed)
        tally.failed.update(report.failed)
        tally.held.update(report.held)
        tally.refused.extend(report.refused)
    return tally.report()
