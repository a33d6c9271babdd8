"""Recorded sessions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Path as PathParameter

from agent.replay.report import ReplayReport
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import sessions
from memory.domain.session import Session

router = APIRouter(prefix="/api/sessions", tags=["session"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
SessionId = Annotated[str, PathParameter(max_length=64, description="The session's id.")]


@router.get("")
def list_sessions(acting: Reading, limit: Annotated[int, Query(ge=1, le=1000)] = 50) -> list[Session]:
    """List the shop's sessions, newest first."""
    return list(sessions.list_sessions(acting, limit))


@router.get("/{session_id}")
def show_session(acting: Reading, session_id: SessionId) -> sessions.ShownSession:
    """Give one session after checking its chain and seal."""
    return sessions.show_session(acting, session_id)


@router.post("/{session_id}/replay")
def replay_session(acting: Annotated[Acting, Depends(needs("evaluate"))], session_id: SessionId) -> ReplayReport:
    """Run a session again from its recording, the network shut, and compare hashes."""
    return sessions.replay_session(acting, session_id)
