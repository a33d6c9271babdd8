"""Effects per person: what the shop's own decisions taught, and learning them now."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import effects
from memory.domain.learned import ShopEffects

router = APIRouter(prefix="/api/effects", tags=["effect"], responses=GUARDED)


@router.get("")
def show_effects(acting: Annotated[Acting, Depends(needs("read"))]) -> ShopEffects:
    """Give what was learned last: effects with intervals, where they are used or refused, and what sends lose."""
    return effects.show(acting)


@router.post("/learn")
def learn_effects(acting: Annotated[Acting, Depends(needs("plan"))]) -> ShopEffects:
    """Learn from every decision of the shop now; its next ticks go by it. A large log takes minutes."""
    return effects.learn(acting)
