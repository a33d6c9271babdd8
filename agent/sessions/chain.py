"""The chain of a session: every entry's hash covers the entry before it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from memory.domain.canonical import canonical_json, content_hash, keyed_hash
from memory.domain.errors import SecondOrderError
from memory.domain.session import Session, SessionEvent, SessionEventKind


class SessionTampered(SecondOrderError):
    """Session {session_id} cannot be trusted: {why}. Use an untouched copy, or record the session again."""

    http_status = 422


def entry(before: Sequence[SessionEvent], kind: SessionEventKind, at: datetime, body: dict[str, Any]) -> SessionEvent:
    """Give the next entry after `before`; `body` must be plain JSON without NaN."""
    fields = {
        "seq": len(before),
        "kind": kind,
        "at": at,
        "body": body,
        "previous_hash": before[-1].entry_hash if before else "",
        "entry_hash": "",
    }
    draft = SessionEvent.model_validate(fields)
    return draft.model_copy(update={"entry_hash": entry_hash(draft)})


def entry_hash(event: SessionEvent) -> str:
    """Give the hash over everything in the entry but the hash itself."""
    return content_hash(event.model_dump(mode="json", exclude={"entry_hash"}))


def verify_chain(session_id: str, events: Sequence[SessionEvent]) -> None:
    """Raise `SessionTampered` where an entry is missing, moved, added or changed, or begins another session."""
    previous = ""
    for seq, event in enumerate(events):
        if event.seq != seq or event.previous_hash != previous:
            raise SessionTampered(session_id=session_id, why=f"entry {seq} does not follow the one before")
        if event.entry_hash != entry_hash(event):
            raise SessionTampered(session_id=session_id, why=f"entry {seq} was changed")
        previous = event.entry_hash
    if not events or events[0].kind != "start" or events[0].body.get("session_id") != session_id:
        raise SessionTampered(session_id=session_id, why="it does not begin with its own start entry")


def seal(key: bytes, head: Session, events: Sequence[SessionEvent], cassette: str) -> str:
    """Give the keyed hash over head, chain length, last entry and cassette: cutting the tail breaks it too."""
    return keyed_hash(
        key,
        "session-seal@1",
        canonical_json(head).decode(),
        str(len(events)),
        events[-1].entry_hash if events else "",
        content_hash(cassette),
    )
