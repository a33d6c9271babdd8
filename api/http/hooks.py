"""Calls of providers: signed, bounded, idempotent; a forged or stale one is 401 and changes nothing."""

from typing import Annotated, Any, Literal, get_args
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import escape

import phonenumbers  # noqa: F401  the first stop must not wait for its import
from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from agent.assembly import App
from agent.hooks import ProviderEvent, answered, receive
from memory.domain.base import Frozen, ShopId
from memory.domain.errors import InvalidInput, SecondOrderError
from memory.domain.mistakes import said
from tools.hooks.signatures import is_from_provider, is_from_twilio
from tools.keywords import Answer, classify

from .access import installation
from .errors import answers

router = APIRouter(prefix="/hooks", tags=["public"], responses=answers(401, 404, 413, 422))
Installed = Annotated[App, Depends(installation)]
STATUSES = {"sent": "sent", "delivered": "delivered", "undelivered": "bounced", "failed": "bounced"}
GONE = frozenset({"21211", "21610", "21614", "30005", "30006"})
"""Codes of undelivered text messages after which the number is not written to any more."""
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
_FORM: dict[str, Any] = {
    "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}}
}
_EVENT: dict[str, Any] = {
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ProviderEvent"}}}}
}
_XML: dict[int | str, dict[str, Any]] = {200: {"content": {"application/xml": {}}, "description": "TwiML."}}


class NotSigned(SecondOrderError):
    """The signature is missing, wrong or too old; check the secret and the clock of whoever calls."""

    http_status = 401


class Taken(Frozen):
    """What became of the event."""

    status: Literal["taken", "known"]
    """New, or known by its id already: then nothing changed."""


@router.post("/twilio/{shop_id}", response_class=Response, responses=_XML, openapi_extra=_FORM)
async def text_message(app: Installed, request: Request, shop_id: ShopId) -> Response:
    """Take an answer by text message; stop holds before the next claim."""
    form = await _twilio_form(app, request)
    reply = await run_in_threadpool(_answer, app, shop_id, form)
    body = EMPTY.replace("</Response>", f"<Message>{escape(reply)}</Message></Response>") if reply else EMPTY
    return Response(body, media_type="application/xml")


@router.post("/twilio/{shop_id}/status/{send_key}", response_class=Response, responses=_XML, openapi_extra=_FORM)
async def status(app: Installed, request: Request, shop_id: ShopId, send_key: str) -> Response:
    """Take the status of a text message of ours."""
    form = await _twilio_form(app, request)
    await run_in_threadpool(_status, app, shop_id, send_key, form)
    return Response(EMPTY, media_type="application/xml")


@router.post("/provider/{shop_id}", openapi_extra=_EVENT)
async def provider(app: Installed, request: Request, shop_id: ShopId) -> Taken:
    """Take an event of a mail, SMS or push provider, signed as the Standard Webhooks specification says."""
    body = await request.body()
    if not is_from_provider(app.settings.hook_secrets.split(), request.headers, body, app.clock.now()):
        raise NotSigned()
    is_new = await run_in_threadpool(_event, app, shop_id, request.headers["webhook-id"], body)
    return Taken(status="taken" if is_new else "known")


async def _twilio_form(app: App, request: Request) -> dict[str, str]:
    """Give the form of a signed call; raise `NotSigned` for any other."""
    body = await request.body()
    form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
    query = f"?{request.url.query}" if request.url.query else ""
    path = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0]
    url = f"{app.settings.public_url}{path}{query}"
    if not is_from_twilio(app.settings.twilio_token, url, form, request.headers.get("x-twilio-signature", "")):
        raise NotSigned()
    return dict(form)


def _answer(app: App, shop_id: str, form: dict[str, str]) -> str:
    by_provider = form.get("OptOutType", "").lower()
    answer = classify(form.get("Body", ""))
    if by_provider == "stop" or (by_provider in get_args(Answer) and answer == "other"):
        answer = by_provider  # type: ignore[assignment]
    with app.store.unit_of_work() as uow:
        now = app.clock.now()
        event_id = form.get("MessageSid") or f"{form.get('From', '')}:{now.isoformat()}"
        return answered(
            uow, app.key, uow.shops.get(shop_id), event_id[:64], form.get("From", ""), answer, now,
            replies=not by_provider,
        )  # fmt: skip


def _status(app: App, shop_id: str, send_key: str, form: dict[str, str]) -> None:
    kind, sid = STATUSES.get(form.get("MessageStatus", "")), form.get("MessageSid", "")
    if kind is None:  # queued, sending: nothing that anybody has to know
        return
    code = form.get("ErrorCode", "")
    event = ProviderEvent.model_validate(
        {
            "type": kind, "at": app.clock.now(), "channel": "sms", "message_id": unquote(send_key)[:64],
            "receipt": sid[:200], "is_permanent": code in GONE,
        }
    )  # fmt: skip
    with app.store.unit_of_work() as uow:
        uow.shops.get(shop_id)
        receive(uow, app.key, shop_id, "twilio", f"{sid[:64]}:{kind}", event, app.clock.now())


def _event(app: App, shop_id: str, event_id: str, body: bytes) -> bool:
    try:
        event = ProviderEvent.model_validate_json(body)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the event"
        raise InvalidInput(what=where, why=said(first), remedy="See docs/channels.md.") from None
    with app.store.unit_of_work() as uow:
        uow.shops.get(shop_id)
        return receive(uow, app.key, shop_id, "provider", event_id, event, app.clock.now())
