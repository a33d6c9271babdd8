"""Parcels: what lanes take, and which parcels are probably lost."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import parcels
from tools.parcels import Lane

router = APIRouter(prefix="/api/parcels", tags=["parcels"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]


@router.get("/lanes")
def lanes(acting: Reading) -> tuple[Lane, ...]:
    """Give the lanes (origin, market, carrier) with how long they take, learned from parcels that arrived."""
    return parcels.lanes(acting)


@router.get("/lost")
def lost(acting: Reading) -> tuple[parcels.LostParcel, ...]:
    """Give the parcels that nobody saw arrive and that 99 in 100 of their lane would have by now."""
    return parcels.lost(acting)
