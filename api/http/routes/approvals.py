"""Approvals: ask, list, decide."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Path as PathParameter
from pydantic import Field

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import approvals
from api.verbs.exhibits import Exhibit, exhibit
from api.verbs.plans import SpokenLanguage
from memory.domain.approval import Approval, ApprovalDecision
from memory.domain.base import Frozen

router = APIRouter(prefix="/api/approvals", tags=["approval"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Language = Annotated[SpokenLanguage, Query(description="Language of the words.")]
ApprovalId = Annotated[str, PathParameter(max_length=64, description="The request's id.")]


class Wanted(Frozen):
    """The plan to be approved."""

    plan_id: Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$", examples=["5f2c0d9ab37e"])]
    """Its id, or a beginning of it that only one plan has."""


class Decision(Frozen):
    """What the approver decides."""

    decision: ApprovalDecision
    """Approve, send back or reject."""
    note: Annotated[str, Field(max_length=2000)] = ""
    """What they say."""
    seen_hash: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    """The `shown_hash` of the exhibit they looked at; refused where something else would be sent."""


@router.get("")
def waiting(acting: Reading) -> list[Approval]:
    """List the shop's open requests."""
    return list(approvals.waiting(acting))


@router.post("")
def request(acting: Annotated[Acting, Depends(needs("submit"))], body: Wanted) -> Approval:
    """Ask for a plan's approval; gives the open request where there is one."""
    return approvals.request(acting, body.plan_id)


@router.get("/{approval_id}")
def show(acting: Reading, approval_id: ApprovalId) -> Approval:
    """Give one request and what became of it."""
    return approvals.show(acting, approval_id)


@router.get("/{approval_id}/exhibit")
def show_exhibit(acting: Reading, approval_id: ApprovalId, language: Language = "en") -> Exhibit:
    """Show what the approver decides about: every message word for word, reach, cost, edges, and what changed."""
    return exhibit(acting, approval_id, language)


@router.post("/{approval_id}/decision")
def decide(acting: Annotated[Acting, Depends(needs("approve"))], approval_id: ApprovalId, body: Decision) -> Approval:
    """Decide about a request; exactly one decision counts, and nobody decides about a plan they touched."""
    return approvals.decide(acting, approval_id, body.decision, body.note, body.seen_hash)
