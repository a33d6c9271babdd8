"""Thank-you pages for the shop's own systems: settings, an order's page, its code, and what goods follow."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.http.thanks import ShownBlock, shown_block
from api.verbs import thanks, thanks_preview, thanks_reports
from memory.domain.thanks import MAX_SKU, CodeAnswer, ThanksSettings, ThanksStanding
from tools.thanks.effect import ThanksEffect

router = APIRouter(prefix="/api/thanks", tags=["thanks"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Selling = Annotated[Acting, Depends(needs("intake"))]


@router.get("/settings")
def show_settings(acting: Reading) -> ThanksSettings:
    """Show what the thank-you page holds."""
    return thanks.settings(acting)


@router.get("/standing")
def standing(acting: Reading) -> ThanksStanding | None:
    """Show the settings with who set them and how fresh the goods are; null where nobody set the page up."""
    return thanks_preview.standing(acting)


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


@router.get("/goods")
def goods_by_market(acting: Reading) -> list[thanks_preview.MarketGoods]:
    """List per market what follows from its most ordered article, in stock now, with the rule that chose each."""
    return list(thanks_preview.goods_by_market(acting))


@router.get("/preview")
def preview(
    acting: Reading,
    market: Annotated[str, Query(pattern=r"^([A-Z]{2})?$", description="Where; the home market without one.")] = "",
    variant: Annotated[str, Query(max_length=32, description="Which; the first without one.")] = "",
    sku: Annotated[str, Query(max_length=MAX_SKU, description="What was ordered; the market's most ordered.")] = "",
) -> ShownBlock:
    """Show the block of an order that nobody placed, as a shopper sees it; its codes open nothing."""
    return shown_block(acting.app, *thanks_preview.preview(acting, market, variant, sku))


@router.get("/rewards")
def list_rewards(acting: Reading) -> list[thanks_reports.ShareRow]:
    """List recommendations whose friend ordered, with what is owed to whoever shared, and from when on."""
    return list(thanks_reports.rewards(acting))


@router.get("/effect")
def effect(acting: Reading) -> ThanksEffect:
    """Say what the page changed: second orders, follows and leads of its variants against a held-out plain page."""
    return thanks_reports.effect(acting)
