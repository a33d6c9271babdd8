"""Communities: set, list, end, who may be invited, and the invitation on the page after an order."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import Field

from agent.community import CommunityActivity, CommunityInvitation, CommunityPage, CommunityStanding
from agent.reports.belonging import BelongingReport
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import community as verbs
from memory.domain.base import Frozen
from memory.domain.community import Community, KeptCommunity
from memory.domain.market import Language

router = APIRouter(prefix="/api/communities", tags=["community"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Limiting = Annotated[Acting, Depends(needs("guardrail"))]
Serving = Annotated[Acting, Depends(needs("intake"))]
CommunityId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", description="The community.")]
PersonId = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,64}$", description="The pseudonym.")]
Start = Annotated[int, Query(ge=0, le=2**31, description="How many to pass over.")]
Window = Annotated[int, Query(ge=1, le=365, description="Days within which recommendations count.")]
Day = Annotated[date | None, Query(description="A day in the shop's zone; where it is left out, see the route.")]
Limit = Annotated[int, Query(ge=1, le=verbs.N_LISTED, description="At most so many.")]


class OrderOfPage(Frozen):
    """The order whose page is shown."""

    order_ref: Annotated[str, Field(min_length=1, max_length=200)]
    """The shop's own name of it, as imported."""
    language: Language = "en"
    """The language of the page."""


@router.get("")
def communities(acting: Reading) -> list[KeptCommunity]:
    """List every community of the shop, also those that ended."""
    return list(verbs.communities(acting))


@router.put("")
def set_community(acting: Limiting, community: Annotated[Community, Body()]) -> KeptCommunity:
    """Set a community, or change the one of its id; of a market one runs at a time."""
    return verbs.put(acting, community)


@router.get("/activity")
def activity(acting: Reading) -> CommunityActivity:
    """Give who joined and left, whom pages and messages invited, and how many people a draw withholds."""
    return verbs.activity(acting)


@router.get("/report")
def belonging(
    acting: Reading,
    group: Annotated[verbs.Group, Query(description="Whose recommendations.")] = "community",
    begins_on: Day = None,
    ends_on: Day = None,
    within_days: Window = 90,
) -> BelongingReport:
    """Give how often a group recommends the shop beside a random control, else beside people like them."""
    return verbs.report(acting, group, begins_on, ends_on, within_days)


@router.post("/invitations")
def invite(acting: Serving, body: Annotated[OrderOfPage, Body()]) -> CommunityInvitation:
    """Say whether the page after an order invites its buyer to the community of their market: once per person."""
    return verbs.invite(acting, body.order_ref, body.language)


@router.get("/people/{person_id}")
def standing(acting: Reading, person_id: PersonId) -> CommunityStanding:
    """Say how somebody stands to the community of their market: may be invited, is in it, or does not qualify."""
    return verbs.standing(acting, person_id)


@router.post("/{community_id}/end")
def end(acting: Limiting, community_id: CommunityId) -> KeptCommunity:
    """Invite nobody to a community any more; who is in it stays."""
    return verbs.end(acting, community_id)


@router.get("/{community_id}/eligible")
def eligible(
    acting: Reading, community_id: CommunityId, start: Start = 0, limit: Limit = verbs.N_LISTED
) -> CommunityPage:
    """List who may be invited to a community: people of its market who qualify and are not in it."""
    return verbs.eligible(acting, community_id, start, limit)
