"""The judge outside the application: the provider's journal and a read-only look at the store."""

from collections import Counter
from collections.abc import Iterable
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


class Totals(Frozen):
    """What the judge found in all outboxes that a run drained: the base of each report."""

    n_messages: Count
    """Messages in all outboxes."""
    n_doubled: Count
    """Accepted twice by the provider."""
    n_lost: Count
    """Lost, or without an end."""
    n_unlisted: Count
    """Delivered and neither sent nor listed."""
    n_unknown: Count
    """Listed as unknown."""


def totals_of(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Give the figures of `Totals` by name."""
    each = list(verdicts)
    return {
        "n_messages": sum(one.n_messages for one in each),
        "n_doubled": sum(one.n_doubled for one in each),
        "n_lost": sum(one.n_lost + one.n_open for one in each),
        "n_unlisted": sum(one.n_unlisted for one in each),
        "n_unknown": sum(one.n_unknown for one in each),
    }


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
