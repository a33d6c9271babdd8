"""Parcels: what lanes take, and which parcels are probably lost."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import parcels, slips
from memory.domain.slips import Slip
from tools.parcels import Lane

router = APIRouter(prefix="/api/parcels", tags=["parcels"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Approving = Annotated[Acting, Depends(needs("approve"))]
SlipId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


@router.get("/lanes")
def lanes(acting: Reading) -> tuple[Lane, ...]:
    """Give the lanes (origin, market, carrier) with how long they take, learned from parcels that arrived."""
    return parcels.lanes(acting)


@router.get("/lost")
def lost(acting: Reading) -> tuple[parcels.LostParcel, ...]:
    """Give the parcels that nobody saw arrive and that 99 in 100 of their lane would have by now."""
    return parcels.lost(acting)


@router.get("/slips")
def show_slips(acting: Reading) -> slips.SlipsOverview:
    """Show how late lanes are now, lanes that slip or slipped, and what was held back for late parcels."""
    return slips.overview(acting)


@router.get("/slips/{slip_id}")
def show_slip(acting: Reading, slip_id: SlipId) -> slips.SlipShown:
    """Show a slip and the drafted message to its people, in each language they read."""
    return slips.show(acting, slip_id)


@router.post("/slips/look")
def look(acting: Annotated[Acting, Depends(needs("dispatch"))]) -> tuple[Slip, ...]:
    """Look now for lanes that slip or have recovered; ticks do it once a day."""
    return slips.look(acting)


@router.post("/slips/{slip_id}/approve")
def approve(acting: Approving, slip_id: SlipId) -> Slip:
    """Let the drafted message go to the people of a slip, and to those it touches later; a person's decision."""
    return slips.approve(acting, slip_id)


@router.post("/slips/{slip_id}/decline")
def decline(acting: Approving, slip_id: SlipId) -> Slip:
    """Send the drafted message to nobody; promotions and review requests still wait. A person's decision."""
    return slips.decline(acting, slip_id)
