"""Goods: what a rule would show whom, and whether somebody may buy what is for owners only."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import goods
from memory.domain.outcome import Allowed, Denied
from memory.domain.plan import GoodsRuleId

router = APIRouter(prefix="/api/goods", tags=["goods"], responses=GUARDED)


@router.get("/{rule}")
def look(
    acting: Annotated[Acting, Depends(needs("read"))],
    rule: GoodsRuleId,
    examples: Annotated[int, Query(ge=0, le=100, description="How many articles to list.")] = 10,
) -> goods.RuleLook:
    """Say for how many people a goods rule finds anything as of now, with examples."""
    return goods.look(acting, rule, examples)


@router.post("/eligibility")
def may_buy(
    acting: Annotated[Acting, Depends(needs("intake"))], question: Annotated[goods.BuyQuestion, Body()]
) -> Allowed | Denied:
    """Say whether a customer may buy an article; refills and bundles for owners need a component bought before."""
    return goods.may_buy(acting, question)
