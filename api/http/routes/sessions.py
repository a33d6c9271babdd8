"""Recorded sessions."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi import Path as PathParameter

from agent.replay.diff import SessionDiff
from agent.replay.report import ReplayReport
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import sessions
from memory.domain.session import Session

router = APIRouter(prefix="/api/sessions", tags=["session"], responses=GUARDED)
Evaluating = Annotated[Acting, Depends(needs("evaluate"))]
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
def replay_session(acting: Evaluating, session_id: SessionId) -> ReplayReport:
    """Run a session again from its recording, the network shut, and compare the hashes of plans and decisions."""
    return sessions.replay_session(acting, session_id)


@router.post("/{session_id}/replay-with")
def replay_with(acting: Evaluating, session_id: SessionId, changes: sessions.Changes) -> SessionDiff:
    """Run a session again with something changed and give what would differ; nothing is kept or sent."""
    variant = sessions.changed(acting, changes)
    return sessions.replay_with(acting, sessions.bundle_of(acting, session_id), variant, changes.language)


@router.get("/{session_id}/diff")
def diff_sessions(
    acting: Evaluating,
    session_id: SessionId,
    other: Annotated[str, Query(min_length=1, max_length=64, description="The other session's id.")],
    language: Annotated[Literal["en", "zh"], Query(description="Language of the sentences.")] = "en",
    limit: Annotated[int, Query(ge=0, le=1000, description="Most decisions that are listed.")] = 20,
) -> SessionDiff:
    """Give which parts and decisions of two sessions differ, and what differed first."""
    both = sessions.bundle_of(acting, session_id), sessions.bundle_of(acting, other)
    return sessions.diff_sessions(acting, *both, language, limit)
