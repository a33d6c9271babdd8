"""Shops the principal has a role in."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from memory.domain.base import Frozen
from memory.domain.market import Shop

router = APIRouter(prefix="/api/shops", tags=["shop"], responses=GUARDED)


class ShopState(Frozen):
    """A shop and how fresh its facts are."""

    shop: Shop
    """The shop."""
    data_version: int
    """The newest data version; 0 where nothing was imported."""


@router.get("")
def list_shops(acting: Annotated[Acting, Depends(needs("self"))]) -> list[Shop]:
    """List the shops the principal may read."""
    granted = acting.principal.shops()
    with acting.app.store.read() as uow:
        return [shop for shop in uow.shops.all() if shop.shop_id in granted]


@router.get("/current")
def show_shop(acting: Annotated[Acting, Depends(needs("read"))]) -> ShopState:
    """Show the shop with its newest data version."""
    with acting.app.store.read() as uow:
        return ShopState(shop=uow.shops.get(acting.shop_id), data_version=uow.versions.latest().number)
