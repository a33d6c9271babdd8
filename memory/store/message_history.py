"""What was decided and sent to one person, for whoever answers when they ask why."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from memory.domain.base import Frozen, Instant

from .instants import from_micros
from .outbox import OutboxRow

MOST = 500


class PastMessage(Frozen):
    """One message of a person: which, why as far as the outbox knows, and what became of it. No words, no address."""

    send_key: str
    """Its key."""
    plan_id: str
    """The plan."""
    batch_id: str
    """The batch of decisions it came from."""
    step_id: str
    """The step."""
    cohort: str
    """The person's cohort."""
    channel: str
    """Its channel."""
    message_kind: str
    """What it says."""
    message_class: str
    """Its class."""
    template: str
    """Its template with the version."""
    offer_id: str
    """The offer it carried; empty for none."""
    language: str
    """Its language."""
    state: str
    """What became of it."""
    reason: str
    """Why it did not go; empty where it did."""
    due_at: Instant
    """When it was due."""
    finished_at: Instant | None
    """When it ended; none while it waits."""


class MessageHistory:
    """Reads one person's messages."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def of(self, shop_id: str, person_ids: Iterable[str]) -> tuple[PastMessage, ...]:
        """Give the shop's messages of these ids of one person, newest first, at most `MOST`."""
        query = (
            select(OutboxRow)
            .where(OutboxRow.shop_id == shop_id, col(OutboxRow.person_id).in_(sorted(person_ids)))
            .order_by(col(OutboxRow.due_at).desc(), OutboxRow.send_key)
            .limit(MOST)
        )
        return tuple(_message(row) for row in self._session.exec(query))


def _message(row: OutboxRow) -> PastMessage:
    same = {name: getattr(row, name) for name in PastMessage.model_fields if name not in ("due_at", "finished_at")}
    return PastMessage(**same, due_at=from_micros(row.due_at), finished_at=_instant(row.finished_at))


def _instant(micros: int) -> datetime | None:
    return from_micros(micros) if micros else None
