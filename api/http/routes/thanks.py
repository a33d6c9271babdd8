"""Thank-you pages for the shop's own systems: settings, an order's page, its code, and what goods follow."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import thanks, thanks_reports
from memory.domain.thanks import CodeAnswer, ThanksSettings
from tools.thanks.effect import ThanksEffect

router = APIRouter(prefix="/api/thanks", tags=["thanks"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Selling = Annotated[Acting, Depends(needs("intake"))]


@router.get("/settings")
def show_settings(acting: Reading) -> ThanksSettings:
    """Show what the thank-you page holds."""
    return thanks.settings(acting)


@router.put("/settings")
def change_settings(
    acting: Annotated[Acting, Depends(needs("guardrail"))], changed: Annotated[ThanksSettings, Body()]
) -> ThanksSettings:
    """Set what the thank-you page holds; what guardrails or a market's currency forbid is refused with reasons."""
    return thanks.change_settings(acting, changed)


@router.post("/orders")
def open_order(acting: Selling, new: Annotated[thanks.NewOrder, Body()]) -> thanks.OpenedPage:
    """Make an order's page and give its address; asked again it gives the same."""
    return thanks.open_order(acting, new)


@router.post("/codes")
def use_code(acting: Selling, use: Annotated[thanks.CodeUse, Body()]) -> CodeAnswer:
    """Say whether a customer may use a code on an order and, unless `check_only`, use it up."""
    return thanks.use_code(acting, use)


@router.post("/goods")
def prepare_goods(acting: Annotated[Acting, Depends(needs("import"))]) -> thanks.PreparedGoods:
    """Work out from the newest facts which goods follow from which."""
    return thanks.prepare_goods(acting)


@router.get("/rewards")
def list_rewards(acting: Reading) -> list[thanks_reports.ShareRow]:
    """List recommendations whose friend ordered, with what is owed to whoever shared, and from when on."""
    return list(thanks_reports.rewards(acting))


@router.get("/effect")
def effect(acting: Reading) -> ThanksEffect:
    """Say what the page changed: second orders, follows and leads of its variants against a held-out plain page."""
    return thanks_reports.effect(acting)
