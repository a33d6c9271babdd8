"""What a round of mails about orders did."""

from collections import Counter
from dataclasses import dataclass, field

from memory.domain.base import Count, Frozen
from memory.domain.outcome import Blocked


class OrderMailReport(Frozen):
    """What a round did."""

    n_sent: Count = 0
    """Mails the provider took."""
    suppressed: dict[str, Count] = {}
    """Mails that ended before any hand-off, by reason."""
    failed: dict[str, Count] = {}
    """Mails the provider refused for good, by reason."""
    n_unknown: Count = 0
    """Mails of which nobody can say whether the provider took them; never sent again by themselves."""
    n_later: Count = 0
    """Mails that are tried again later."""
    refused: tuple[Blocked, ...] = ()
    """Why nothing goes at all, where that is so."""

    @property
    def did_anything(self) -> bool:
        """Whether anything happened that people want to hear of."""
        return bool(self.n_sent or self.suppressed or self.failed or self.n_unknown)


@dataclass
class Tally:
    """Counts while a round runs."""

    n_sent: int = 0
    suppressed: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    n_unknown: int = 0
    n_later: int = 0
    refused: list[Blocked] = field(default_factory=list)

    def ended(self, state: str, reason: str) -> None:
        """Count the end of one mail."""
        if state == "sent":
            self.n_sent += 1
        elif state == "unknown":
            self.n_unknown += 1
        elif state == "failed":
            self.failed[reason] += 1
        elif state == "suppressed":
            self.suppressed[reason] += 1
        else:
            self.n_later += 1

    def report(self) -> OrderMailReport:
        """Give the counts."""
        return OrderMailReport(
            n_sent=self.n_sent,
            suppressed=dict(self.suppressed),
            failed=dict(self.failed),
            n_unknown=self.n_unknown,
            n_later=self.n_later,
            refused=tuple(self.refused),
        )
