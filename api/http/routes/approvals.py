"""Approvals: ask, list, decide."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Path as PathParameter
from pydantic import Field

from agent.approval.reading import MarketReading
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import approvals
from api.verbs.exhibits import Exhibit, exhibit
from api.verbs.plans import SpokenLanguage
from memory.domain.approval import Approval, ApprovalDecision
from memory.domain.base import Frozen
from memory.domain.market import CountryCode

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
    """What they say; a plan that is sent back needs a note."""
    seen_hash: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    """The `shown_hash` of the exhibit they looked at; refused where something else would be sent."""
    is_staged: bool = False
    """Approve a staged release only: few people first, more after each wait without harm."""


class Read(Frozen):
    """Whose texts were read."""

    market: CountryCode
    """The market."""
    texts_hash: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    """The `texts_hash` of what was read; refused where the texts are others."""


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
def decide(acting: Reading, approval_id: ApprovalId, body: Decision) -> Approval:
    """Decide about a request, as an approver or a deputy it passed to; exactly one decision counts.

    Nobody decides about a plan they touched, and nobody else decides at all: both are refused with 403.
    """
    return approvals.decide(acting, approval_id, body.decision, body.note, body.seen_hash, is_staged=body.is_staged)


@router.get("/{approval_id}/standing")
def standing(acting: Reading, approval_id: ApprovalId) -> approvals.Standing:
    """Show a request as it stands for you: may you decide, to whom it passed or will, who was told."""
    return approvals.standing(acting, approval_id)


@router.get("/{approval_id}/readings")
def readings(acting: Reading, approval_id: ApprovalId) -> list[MarketReading]:
    """List the markets whose texts have to be read before the approval, with who read them and when."""
    return list(approvals.readings(acting, approval_id))


@router.post("/{approval_id}/readings")
def mark_read(acting: Reading, approval_id: ApprovalId, body: Read) -> MarketReading:
    """Mark a market's texts as read; only who is named as its reader may, and nobody who touched the plan."""
    return approvals.mark_read(acting, approval_id, body.market, body.texts_hash)
