"""The judge outside the application: the provider's journal and a read-only look at the store."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from memory.domain.base import Count, Frozen
from memory.store.instants import to_micros

from .databases import read_rows
from .provider import read_journal

FINAL = {"sent", "suppressed", "failed", "unknown"}
QUERY = (
    "SELECT send_key, state FROM outbox "
    "WHERE (channel = :channel OR :channel = '') AND NOT (state = 'planned' AND send_at > :at)"
)


class Verdict(Frozen):
    """What the judge found in one drained outbox."""

    n_messages: Count
    """Messages that were decided."""
    n_delivered: Count
    """Hand-offs that the provider accepted."""
    n_doubled: Count
    """Keys that it accepted more than once (I1)."""
    n_lost: Count
    """Messages marked as sent that the provider never had, and with a keyed one any that never arrived (I2)."""
    n_unlisted: Count
    """Deliveries that the store neither calls sent nor lists as unknown (I2)."""
    n_open: Count
    """Messages that ended in no final state (I2)."""
    n_unknown: Count
    """Messages listed as unknown."""

    @property
    def is_good(self) -> bool:
        """Say whether nothing doubled, got lost, or went unlisted."""
        return not (self.n_doubled or self.n_lost or self.n_unlisted or self.n_open)


def judge(url: str, journal: Path, kind: str, at: datetime, channel: str = "email") -> Verdict:
    """Compare an outbox that was drained at `at` with the journal; what is held for later is no part of it.

    Of every channel where `channel` is empty.
    """
    rows = read_rows(url, QUERY, at=to_micros(at), channel=channel)
    states: dict[str, str] = {row[0]: row[1] for row in rows}
    delivered = Counter(read_journal(journal))
    sent = {key for key, state in states.items() if state == "sent"}
    unknown = {key for key, state in states.items() if state == "unknown"}
    missing = sent - set(delivered)
    if kind == "keyed":
        missing |= unknown
    return Verdict(
        n_messages=len(states),
        n_delivered=sum(delivered.values()),
        n_doubled=sum(n > 1 for n in delivered.values()),
        n_lost=len(missing),
        n_unlisted=len(set(delivered) - sent - unknown),
        n_open=sum(state not in FINAL for state in states.values()),
        n_unknown=len(unknown),
    )
