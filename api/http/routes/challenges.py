"""Challenges: set, list, what is handed in, and what people decide about it."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import Field

from agent.community.challenges import Intake
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import challenges as verbs
from memory.domain.base import Frozen
from memory.domain.challenge import Challenge, RightsConsent, Sent, Submission, SubmissionState

router = APIRouter(prefix="/api/challenges", tags=["community"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Limiting = Annotated[Acting, Depends(needs("guardrail"))]
Planning = Annotated[Acting, Depends(needs("plan"))]
Serving = Annotated[Acting, Depends(needs("intake"))]
ChallengeId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", description="The challenge.")]
SubmissionId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="The submission.")]


class HandIn(Sent):
    """What somebody hands in."""

    person_id: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,64}$")]
    """The pseudonym."""


class Verdict(Frozen):
    """What a person decides about a submission."""

    decision: verbs.Decision
    """Accepted or refused."""
    why: Annotated[str, Field(max_length=500)] = ""
    """Why; a refusal needs it."""


class Rights(Frozen):
    """Whether its maker consents to the use of a submission."""

    rights: RightsConsent | None
    """The consent; null takes it back."""


@router.get("")
def challenges(acting: Reading) -> list[Challenge]:
    """List every challenge of the shop."""
    return list(verbs.challenges(acting))


@router.put("")
def set_challenge(acting: Limiting, challenge: Annotated[Challenge, Body()]) -> Challenge:
    """Set a challenge, or change the one of its id; what was handed in stays."""
    return verbs.put(acting, challenge)


@router.get("/counts")
def counted(acting: Reading) -> list[verbs.ChallengeCount]:
    """Give every challenge with its submissions counted, the one that ends last first."""
    return list(verbs.counted(acting))


@router.post("/{challenge_id}/submissions")
def submit(acting: Serving, challenge_id: ChallengeId, body: Annotated[HandIn, Body()]) -> Intake:
    """Take what somebody hands in; `code` says how it ended. One post is taken once, and waits for a person."""
    sent = Sent(link=body.link, submitted_at=body.submitted_at, rights=body.rights)
    return verbs.submit(acting, challenge_id, body.person_id, sent)


@router.get("/{challenge_id}/submissions")
def submissions(
    acting: Reading,
    challenge_id: ChallengeId,
    state: Annotated[SubmissionState | None, Query(description="Only of this state.")] = None,
    usable: Annotated[bool, Query(description="Only what was accepted and whose maker consents to its use.")] = False,
) -> list[Submission]:
    """List what was handed in to a challenge, oldest first."""
    return list(verbs.submissions(acting, challenge_id, state, usable=usable))


@router.post("/submissions/{submission_id}/decision")
def decide(acting: Planning, submission_id: SubmissionId, body: Annotated[Verdict, Body()]) -> Submission:
    """Accept or refuse what waits, once; no agent may."""
    return verbs.decide(acting, submission_id, body.decision, body.why)


@router.put("/submissions/{submission_id}/rights")
def set_rights(acting: Serving, submission_id: SubmissionId, body: Annotated[Rights, Body()]) -> Submission:
    """Keep that its maker consents to the use of a submission, or takes that back."""
    return verbs.set_rights(acting, submission_id, body.rights)
