"""Mails about orders: who sends the transactional steps, and what became of ours."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import order_mail
from memory.domain.order_mail import OrderMailSettings

router = APIRouter(prefix="/api/order-mail", tags=["order mail"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]


@router.get("")
def overview(acting: Reading) -> order_mail.OrderMailOverview:
    """Show who sends each transactional step, how many of our mails stand where, and how soon notices left."""
    return order_mail.overview(acting)


@router.get("/mails")
def mails(acting: Reading) -> tuple[order_mail.OrderMailLine, ...]:
    """List the mails about orders and parcels that were heard of last, newest first."""
    return order_mail.lines(acting)


@router.put("/settings")
def change_settings(
    acting: Annotated[Acting, Depends(needs("guardrail"))], changed: Annotated[OrderMailSettings, Body()]
) -> OrderMailSettings:
    """Set who sends each step; what becomes ours is ours for orders and parcels from now on."""
    return order_mail.change_settings(acting, changed)
