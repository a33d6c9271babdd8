"""Codes of offers: source, import, standing per plan, grants, redemptions and alarms."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Path, Query, UploadFile

from agent.codes import CodesRound, PoolImport
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import codes as verbs
from memory.domain.base import Count, Frozen
from memory.domain.codes import AlarmKind, CodeAlarm, CodeGrant, CodeSource, CodeSourceStanding
from tools.codes.pool_file import MAX_BYTES

router = APIRouter(prefix="/api/codes", tags=["codes"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Importing = Annotated[Acting, Depends(needs("import"))]
Limiting = Annotated[Acting, Depends(needs("guardrail"))]
Sending = Annotated[Acting, Depends(needs("dispatch"))]
Seeing = Annotated[Acting, Depends(needs("contact"))]
PlanId = Annotated[str, Path(pattern=r"^[0-9a-f]{6,64}$", description="The plan, or the beginning of its id.")]
OfferId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", description="The offer.")]
Start = Annotated[int, Query(ge=0, le=2**31, description="How many to pass over.")]
Limit = Annotated[int, Query(ge=1, le=verbs.N_LISTED, description="At most so many.")]


class AskedAgain(Frozen):
    """Codes that are asked for once more."""

    n: Count
    """How many."""


@router.get("/source")
def source(acting: Reading) -> CodeSourceStanding | None:
    """Give where the shop's codes come from, or null."""
    return verbs.standing(acting)


@router.put("/source")
def set_source(acting: Limiting, source: CodeSource) -> CodeSourceStanding:
    """Set where codes come from; plans drafted from now on follow it."""
    return verbs.put(acting, source)


@router.delete("/source")
def remove_source(acting: Limiting) -> CodeSourceStanding:
    """Give no codes any more: messages that need one wait until they lapse. Gives the last source."""
    return verbs.remove(acting)


@router.get("/alarms")
def alarms(
    acting: Reading, every: Annotated[bool, Query(description="Also those that somebody looked at.")] = False
) -> list[CodeAlarm]:
    """List what is wrong with redemptions, the newest first."""
    return list(verbs.alarms(acting, open_only=not every))


@router.post("/alarms/look")
def look(acting: Sending) -> list[CodeAlarm]:
    """Look at redemptions now, and give the alarms that are new."""
    return list(verbs.look(acting))


@router.post("/ask")
def ask(acting: Sending) -> CodesRound:
    """Ask the shop now for the codes that messages wait for."""
    return verbs.ask(acting)


@router.get("/plans/{plan_id}")
def of_plan(acting: Reading, plan_id: PlanId) -> verbs.PlanCodes:
    """Say per offer of a plan whether a code is given, and how they stand."""
    return verbs.of_plan(acting, plan_id)


@router.post("/plans/{plan_id}/pool")
def import_pool(
    acting: Importing,
    plan_id: PlanId,
    file: Annotated[UploadFile, File(description="CSV with the columns code, offer, expires_on.")],
    dry_run: Annotated[bool, Query(description="Tell what would be added; keep nothing.")] = False,
) -> PoolImport:
    """Import codes that the shop made; wrong rows come back with line and reason."""
    return verbs.import_pool(acting, plan_id, file.file.read(MAX_BYTES + 1), dry_run=dry_run)


@router.get("/plans/{plan_id}/grants")
def grants(acting: Seeing, plan_id: PlanId, start: Start = 0, limit: Limit = verbs.N_LISTED) -> list[CodeGrant]:
    """List who was given which code."""
    return list(verbs.grants(acting, plan_id, start, limit))


@router.get("/plans/{plan_id}/redemptions")
def redemptions(acting: Reading, plan_id: PlanId) -> list[verbs.Redemption]:
    """List the orders that show a code of a plan."""
    return list(verbs.redeemed(acting, plan_id))


@router.post("/plans/{plan_id}/offers/{offer_id}/retry")
def retry(acting: Sending, plan_id: PlanId, offer_id: OfferId) -> AskedAgain:
    """Ask once more for an offer's codes that the shop refused; they stay the same ones."""
    return AskedAgain(n=verbs.retry(acting, plan_id, offer_id))


@router.post("/plans/{plan_id}/offers/{offer_id}/alarms/{kind}/settle")
def settle(
    acting: Sending,
    plan_id: PlanId,
    offer_id: OfferId,
    kind: Annotated[AlarmKind, Path(description="What is wrong.")],
) -> CodeAlarm:
    """Note that a person looked at an alarm; it is raised again where it grows."""
    return verbs.settle(acting, plan_id, offer_id, kind)
