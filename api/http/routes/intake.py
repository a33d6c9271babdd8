"""Live intake: events in, what became of them, and legal wishes that wait for a human."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi import Path as PathParameter

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import intake
from tools.live import Accepted

router = APIRouter(prefix="/api", tags=["intake"], responses=GUARDED)
Sending = Annotated[Acting, Depends(needs("intake"))]
Reading = Annotated[Acting, Depends(needs("read"))]
Answering = Annotated[Acting, Depends(needs("admin"))]
_BATCH: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "1 to 1,000 events, each as in a file of kind `events`; wrong rows are listed, never refused.",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["events"],
                    "properties": {"events": {"type": "array", "minItems": 1, "items": {"type": "object"}}},
                    "additionalProperties": False,
                },
                "example": {
                    "events": [
                        {"id": "e-1", "at": "2026-12-01T10:00:00Z", "kind": "view", "device_id": "d-7", "sku": "SHOE-1"}
                    ]
                },
            }
        },
    }
}


async def raw_body(request: Request) -> bytes:
    """Give the body as it came; the middleware counts its bytes and refuses too many."""
    return await request.body()


@router.post("/events", status_code=202, openapi_extra=_BATCH)
def take_events(
    acting: Sending,
    body: Annotated[bytes, Depends(raw_body)],
    idempotency_key: Annotated[str, Header(max_length=100, description="The sender's id of the batch.")] = "",
) -> Accepted:
    """Acknowledge a batch of events once it is safe; the same batch again changes nothing."""
    return intake.take_events(acting, body, idempotency_key)


@router.get("/intake")
def show_inbox(acting: Reading) -> intake.InboxView:
    """Show what came in and what waits."""
    return intake.inbox(acting)


@router.get("/intake/rejected")
def list_rejected(acting: Reading) -> list[intake.Rejected]:
    """List rows that could not be used, with the reason."""
    return list(intake.rejected(acting))


@router.post("/intake/requests/{delivery_id}/answer")
def answer_request(
    acting: Answering, delivery_id: Annotated[str, PathParameter(max_length=20, description="The request.")]
) -> intake.Delivery:
    """Note by name that a legal wish was met."""
    return intake.answer_request(acting, delivery_id)
