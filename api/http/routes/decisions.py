"""Decisions: a list, and one with everything that was chosen and rejected."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from agent.replay.why_record import Why
from agent.reports import DecisionLine, DecisionRecord
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import decisions

router = APIRouter(prefix="/api/decisions", tags=["decision"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
PersonId = Annotated[str, Query(max_length=64, description="Only this person's, by pseudonym.")]
PlanId = Annotated[str, Query(pattern=r"^([0-9a-f]{8,64})?$", description="Only this plan's.")]


@router.get("")
def list_decisions(
    acting: Reading, person_id: PersonId = "", plan_id: PlanId = "", limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> tuple[DecisionLine, ...]:
    """List the newest decisions of the shop."""
    return decisions.list_decisions(acting, person_id, plan_id, limit)


@router.get("/{decision_id:path}/why")
def why(acting: Reading, decision_id: str) -> Why:
    """Say why one decision fell as it did, with its runner-up, and the smallest change that would flip it."""
    return decisions.why(acting, decision_id)


@router.get("/{decision_id:path}")
def show(acting: Reading, decision_id: str) -> DecisionRecord:
    """Give one decision: channel, time, subject line and copy, each with what was chosen and what was rejected."""
    return decisions.show(acting, decision_id)
