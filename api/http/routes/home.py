"""Where the shop stands and what needs a person."""

from typing import Annotated

from fastapi import APIRouter, Depends

from agent.monday.card import MondayCard
from agent.reports.standing import Standing
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import home

router = APIRouter(prefix="/api/home", tags=["reports"], responses=GUARDED)


@router.get("/monday")
def monday(acting: Annotated[Acting, Depends(needs("read"))]) -> MondayCard:
    """Give the Monday card: at most three decisions that need a person, with the money at stake."""
    return home.monday(acting)


@router.get("/standing")
def standing(acting: Annotated[Acting, Depends(needs("read"))]) -> Standing:
    """Say where the shop stands: repeat purchases, customer value, referrals, share of the marketing budget."""
    return home.standing(acting)
