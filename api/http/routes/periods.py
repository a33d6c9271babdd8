"""Pre-approved periods: grant, list, read what came of one, revoke."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import periods as verbs
from memory.domain.pre_approval import PeriodDigest, PreApproval

router = APIRouter(prefix="/api/periods", tags=["approvals"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Approving = Annotated[Acting, Depends(needs("approve"))]
PeriodId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="The period.")]


@router.get("")
def periods(acting: Reading) -> list[PreApproval]:
    """List the shop's pre-approved periods, the latest first."""
    return list(verbs.periods(acting))


@router.post("")
def grant(acting: Approving, wish: Annotated[verbs.PeriodWish, Body()]) -> PreApproval:
    """Approve in advance what a plan may do in a period, with a deputy; never wider than the guardrails."""
    return verbs.grant(acting, wish)


@router.get("/{period_id}/digest")
def digest(acting: Reading, period_id: PeriodId) -> PeriodDigest:
    """Give everything that a period's plan sent or stopped in it, up to now where it still runs."""
    return verbs.digest(acting, period_id)


@router.post("/{period_id}/revoke")
def revoke(acting: Approving, period_id: PeriodId) -> PreApproval:
    """End a period now: its limits and its deputy's right end with it."""
    return verbs.revoke(acting, period_id)
