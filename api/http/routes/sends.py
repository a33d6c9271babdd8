"""Doing: tick, dispatch and the outbox."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends
from pydantic import Field

from agent.dispatch import DispatchReport
from agent.tick import TickReport
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import sends
from api.verbs.channels import ChannelStatus, channels
from memory.domain.base import Frozen, Instant

router = APIRouter(prefix="/api", tags=["send"], responses=GUARDED)
Sending = Annotated[Acting, Depends(needs("dispatch"))]
Reading = Annotated[Acting, Depends(needs("read"))]


class Slot(Frozen):
    """Which slot to decide."""

    slot_at: Instant | None = None
    """Its first instant; the present hour where none is given."""


class Hand(Frozen):
    """How much to hand off."""

    limit: Annotated[int, Field(strict=True, ge=1, le=10_000_000)] | None = None
    """At most so many messages per channel; all due ones where none is given."""


class Settling(Frozen):
    """What a person found out about messages of which nobody could say whether they left."""

    send_keys: Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(min_length=1, max_length=500)]
    """Their keys."""
    has_left: Annotated[bool, Field(strict=True)]
    """Whether they left."""
    note: Annotated[str, Field(min_length=1, max_length=500)]
    """How it is known, without personal data."""


class Outbox(Frozen):
    """What is in the outbox."""

    counts: tuple[sends.OutboxCount, ...]
    """Messages per channel and state."""
    unknown: tuple[sends.UnknownSend, ...]
    """Messages of which nobody can say whether they left."""
    channels: tuple[ChannelStatus, ...]
    """How each channel stands: circuits, and what a warm-up holds."""


@router.post("/tick")
def tick(acting: Sending, body: Annotated[Slot, Body()] = Slot()) -> TickReport:
    """Turn due steps into decisions and planned messages; the same slot again does nothing."""
    return sends.tick(acting, body.slot_at)


@router.post("/dispatch")
def dispatch(acting: Sending, body: Annotated[Hand, Body()] = Hand()) -> DispatchReport:
    """Hand off due messages after all checks of this very instant."""
    return sends.dispatch(acting, body.limit)


@router.post("/outbox/unknown")
def settle(acting: Sending, body: Settling) -> sends.SettledSends:
    """Say of unknown messages whether they left, as the provider's own list shows; nothing is sent by it."""
    return sends.settle(acting, body.send_keys, has_left=body.has_left, note=body.note)


@router.get("/outbox/progress")
def progress(acting: Reading) -> sends.Progress:
    """Say how many messages are due, how fast they leave, and when they will have left."""
    return sends.progress(acting)


@router.get("/outbox")
def outbox(acting: Reading) -> Outbox:
    """Count messages per channel and state, and list those nobody can speak for."""
    return Outbox(counts=sends.outbox(acting), unknown=sends.unknown(acting), channels=channels(acting))
