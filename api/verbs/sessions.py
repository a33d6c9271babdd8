"""Sessions: what was recorded, and its replay with the network shut."""

from typing import TYPE_CHECKING

from memory.domain.base import Frozen
from memory.domain.session import Session, SessionEvent

from .acting import Acting

if TYPE_CHECKING:
    from agent.replay.report import ReplayReport


class ShownSession(Frozen):
    """One session with its entries, verified."""

    session: Session
    """What it was and how it ended."""
    events: tuple[SessionEvent, ...]
    """What happened, in order."""


def list_sessions(acting: Acting, limit: int = 50) -> tuple[Session, ...]:
    """List the shop's sessions, newest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.sessions.all([acting.shop_id], limit)


def show_session(acting: Acting, session_id: str) -> ShownSession:
    """Give one session after checking its chain and seal; raises `NotFound`, `SessionTampered`."""
    from agent.sessions.verify import verify

    acting.require("read")
    with acting.app.store.read() as uow:
        stored = uow.sessions.get(session_id)
    acting.own("session", session_id, stored.head.shop_id)
    verify(acting.app.key, stored)
    return ShownSession(session=stored.head, events=stored.events)


def replay_session(acting: Acting, session_id: str) -> "ReplayReport":
    """Run a session again from its recording, the network shut, and compare hashes."""
    from agent.replay.run import replay

    acting.require("evaluate")
    with acting.app.store.read() as uow:
        stored = uow.sessions.get(session_id)
    acting.own("session", session_id, stored.head.shop_id)
    return replay(stored, acting.app.key)
