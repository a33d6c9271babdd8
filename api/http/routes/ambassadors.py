"""Ambassadors: candidates, proposals, decisions with four eyes, and what friends of ambassadors order."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query

from agent.community.ambassadors import AmbassadorOrders, Candidate, CandidatePage
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import ambassadors as verbs
from memory.domain.ambassador import Ambassador
from memory.domain.base import Frozen

router = APIRouter(prefix="/api/ambassadors", tags=["community"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Planning = Annotated[Acting, Depends(needs("plan"))]
Approving = Annotated[Acting, Depends(needs("approve"))]
Serving = Annotated[Acting, Depends(needs("intake"))]
PersonId = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,64}$", description="The pseudonym.")]
Start = Annotated[int, Query(ge=0, le=2**31, description="How many to pass over.")]
Limit = Annotated[int, Query(ge=1, le=verbs.N_LISTED, description="At most so many.")]


class InvitationDecision(Frozen):
    """What an approver decides about an invitation."""

    approve: bool
    """Whether they are invited."""


@router.get("")
def ambassadors(acting: Reading) -> list[Ambassador]:
    """List everybody who was ever proposed, and where it stands."""
    return list(verbs.ambassadors(acting))


@router.get("/candidates")
def candidates(acting: Reading, start: Start = 0, limit: Limit = 50) -> CandidatePage:
    """List candidates, the highest score first, each with what it is made of."""
    return verbs.candidates(acting, start, limit)


@router.get("/proposals")
def proposals(acting: Reading) -> list[Candidate]:
    """List whose invitation waits for a second person, each with what the score is made of."""
    return list(verbs.proposals(acting))


@router.get("/orders")
def orders(acting: Reading) -> list[AmbassadorOrders]:
    """List what the friends of everybody who said yes ordered since, most first."""
    return list(verbs.orders(acting))


@router.post("/{person_id}/proposal")
def propose(acting: Planning, person_id: PersonId) -> Ambassador:
    """Propose a buyer; nobody is invited by it."""
    return verbs.propose(acting, person_id)


@router.post("/{person_id}/decision")
def decide_invitation(
    acting: Approving, person_id: PersonId, body: Annotated[InvitationDecision, Body()]
) -> Ambassador:
    """Approve or refuse an invitation: never who proposed it, and never an agent."""
    return verbs.decide(acting, person_id, approve=body.approve)


@router.post("/{person_id}/acceptance")
def accept(acting: Serving, person_id: PersonId) -> Ambassador:
    """Keep that who was invited said yes: they are an ambassador from now on."""
    return verbs.accept(acting, person_id)


@router.post("/{person_id}/end")
def end_ambassador(acting: Planning, person_id: PersonId) -> Ambassador:
    """Keep that somebody is no ambassador any more, or is not to be invited."""
    return verbs.end(acting, person_id)
