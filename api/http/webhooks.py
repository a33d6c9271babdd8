"""Webhooks of shop systems: no token, no cookie, a signature over the raw bytes."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from agent.assembly import App
from api.verbs.intake import take_webhook
from tools.live import Accepted

from .access import installation
from .errors import answers
from .routes.intake import raw_body

router = APIRouter(tags=["public"])
Installed = Annotated[App, Depends(installation)]
HEADERS = ("X-Shopify-Shop-Domain", "X-Shopify-Topic", "X-Shopify-Hmac-Sha256", "X-Shopify-Webhook-Id")
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The object, as Shopify sends it.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    },
    "parameters": [
        {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": "As sent."}
        for name in HEADERS
    ],
}


@router.post("/webhooks/shopify", openapi_extra=_BODY, responses=answers(401, 413))
def shopify(request: Request, app: Installed, body: Annotated[bytes, Depends(raw_body)]) -> Accepted:
    """Acknowledge a signed Shopify webhook once it is safe; the same delivery again changes nothing."""
    return take_webhook(app, request.headers, body)
