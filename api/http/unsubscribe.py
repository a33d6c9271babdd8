"""One-click unsubscribe (RFC 8058): looking changes nothing, posting takes effect in the same transaction."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import jinja2
import yaml
from fastapi import APIRouter, Depends
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse

from agent.assembly import App
from memory.domain.errors import NotFound
from memory.store.unit_of_work import UnitOfWork
from tools.links.unsubscribe import InvalidToken, Unsubscription, read_token

from .access import installation

PAGES = Path(__file__).parent / "pages"
ADDRESSES = ("/u/{token}", "/unsubscribe/{token}")
Token = Annotated[str, PathParameter(max_length=512, description="The token of the message's link.")]
State = Literal["ask", "done", "invalid"]
Installed = Annotated[App, Depends(installation)]

router = APIRouter(tags=["public"])
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": False,
        "description": "`List-Unsubscribe=One-Click`, form-encoded or multipart; nothing in it is read.",
        "content": {
            kind: {"schema": {"type": "object", "properties": {"List-Unsubscribe": {"type": "string"}}}}
            for kind in ("application/x-www-form-urlencoded", "multipart/form-data")
        },
    }
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    404: {"description": "The link is not valid.", "content": {"text/html": {}}}
}


def ask(app: Installed, token: Token) -> HTMLResponse:
    """Show what unsubscribing means, with a button; changes nothing, whoever fetches it."""
    try:
        wish = read_token(app.key, token)
    except InvalidToken:
        return _page("invalid", "en", "", 404)
    with app.store.read() as uow:
        return _answer(uow, wish, "ask")


def unsubscribe(app: Installed, token: Token) -> HTMLResponse:
    """Take the person off the channel's list at once; again is as good as once. Needs no cookie and no account."""
    try:
        wish = read_token(app.key, token)
    except InvalidToken:
        return _page("invalid", "en", "", 404)
    with app.store.unit_of_work() as uow:
        latest = uow.consents.latest(wish.shop_id, wish.person_id, wish.channel)
        if latest is None or latest.status != "revoked":
            uow.consents.revoke(
                wish.shop_id, wish.person_id, wish.channel, app.clock.now(), "one_click", "unsubscribe link"
            )
        return _answer(uow, wish, "done")


for address in ADDRESSES:
    shown = address == ADDRESSES[0]
    options: dict[str, Any] = {"response_class": HTMLResponse, "responses": _ANSWERS, "include_in_schema": shown}
    router.add_api_route(address, ask, methods=["GET"], **options)
    router.add_api_route(address, unsubscribe, methods=["POST"], openapi_extra=_BODY, **options)


def _answer(uow: UnitOfWork, wish: Unsubscription, state: State) -> HTMLResponse:
    try:
        shop = uow.shops.get(wish.shop_id)
    except NotFound:
        return _page("invalid", "en", "", 404)
    person = uow.person_state.get(wish.shop_id, [wish.person_id]).to_pylist()
    language = (person[0]["language"] if person else "") or "en"
    return _page(state, language, shop.name, channel=wish.channel)


def _page(state: State, language: str, shop_name: str, status: int = 200, channel: str = "email") -> HTMLResponse:
    words, style = _words(), _style()
    lang = language if language in words else "en"
    html = _template().render(
        lang=lang, words=words[lang], style=style, state=state, shop_name=shop_name, channel=channel
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(html, status, {"Content-Security-Policy": policy, "Content-Language": lang})


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load((PAGES / "unsubscribe.yaml").read_text(encoding="utf-8"))
    return words


@cache
def _style() -> str:
    return (PAGES / "page.css").read_text(encoding="utf-8").strip()


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.globals["style"] = _style()
    return environment.get_template("unsubscribe.html.jinja")
