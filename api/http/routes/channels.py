"""Channels: how each one stands, a test of it, and the warm-up of the sending domain."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends
from pydantic import Field

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import channels
from memory.domain.base import Frozen
from memory.domain.message import HandOff

router = APIRouter(prefix="/api/channels", tags=["channel"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Sending = Annotated[Acting, Depends(needs("dispatch"))]
Governing = Annotated[Acting, Depends(needs("admin"))]


class Address(Frozen):
    """Where a test goes."""

    to: str = Field(min_length=1, max_length=4_096)
    """Your own address, number or push token."""


class WarmUpWish(Frozen):
    """What is to become of the warm-up."""

    action: Literal["done", "resume"]
    """The domain is warm already, or goes on after complaints."""


@router.get("")
def list_channels(acting: Reading) -> tuple[channels.ChannelStatus, ...]:
    """List the channels: contract, kind, circuit, suppression list, warm-up."""
    return channels.channels(acting)


@router.post("/{channel}/test")
def send_test(acting: Sending, channel: Literal["email", "sms", "push"], body: Annotated[Address, Body()]) -> HandOff:
    """Send one test message to an address of your own; logged without the address."""
    return channels.send_test(acting, channel, body.to)


@router.post("/warm-up")
def warm_up(acting: Governing, body: Annotated[WarmUpWish, Body()]) -> channels.WarmUpStatus:
    """End a sending domain's warm-up, or resume it after complaints."""
    return channels.warm_up(acting, body.action)
