"""One-click unsubscribe (RFC 8058): looking changes nothing, posting takes effect in the same transaction."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse

from agent.assembly import App
from memory.domain.errors import NotFound
from memory.store.unit_of_work import UnitOfWork
from tools.links.preferences import preferences_url
from tools.links.unsubscribe import InvalidToken, Unsubscription, read_token

from .access import installation
from .page import page

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
        return _answer(app, uow, wish, "ask")


def unsubscribe(app: Installed, token: Token) -> HTMLResponse:
    """Take the person off the channel's list at once; again is as good as once. Needs no cookie and no account.

    What is done already is only looked up, so that a flood of the same click takes no lock from who writes.
    """
    try:
        wish = read_token(app.key, token)
    except InvalidToken:
        return _page("invalid", "en", "", 404)
    with app.store.read() as uow:
        if _is_done(uow, wish):
            return _answer(app, uow, wish, "done")
    with app.store.unit_of_work() as uow:
        if not _is_done(uow, wish):
            uow.consents.revoke(
                wish.shop_id,
                wish.person_id,
                wish.channel,
                app.clock.now(),
                "one_click",
                "unsubscribe link",
                send_key=wish.send_key,
            )
        return _answer(app, uow, wish, "done")


for address in ADDRESSES:
    shown = address == ADDRESSES[0]
    options: dict[str, Any] = {"response_class": HTMLResponse, "responses": _ANSWERS, "include_in_schema": shown}
    router.add_api_route(address, ask, methods=["GET"], **options)
    router.add_api_route(address, unsubscribe, methods=["POST"], openapi_extra=_BODY, **options)


def _is_done(uow: UnitOfWork, wish: Unsubscription) -> bool:
    """Say whether nothing is left to do: taken back already, or erased, when nothing may be written about them."""
    latest = uow.consents.latest(wish.shop_id, wish.person_id, wish.channel)
    return (latest is not None and latest.status == "revoked") or _is_erased(uow, wish)


def _is_erased(uow: UnitOfWork, wish: Unsubscription) -> bool:
    rows = uow.person_state.get(wish.shop_id, [uow.identities.person_of(wish.person_id), wish.person_id]).to_pylist()
    return any(row["is_erased"] for row in rows)


def _answer(app: App, uow: UnitOfWork, wish: Unsubscription, state: State) -> HTMLResponse:
    try:
        shop = uow.shops.get(wish.shop_id)
    except NotFound:
        return _page("invalid", "en", "", 404)
    person = uow.person_state.get(wish.shop_id, [wish.person_id]).to_pylist()
    language = (person[0]["language"] if person else "") or "en"
    own = preferences_url(app.settings.public_url, app.key, wish.shop_id, wish.person_id, wish.channel, wish.send_key)
    return _page(state, language, shop.name, channel=wish.channel, fewer_url=f"{own}?fewer=true")


def _page(
    state: State, language: str, shop_name: str, status: int = 200, channel: str = "email", fewer_url: str = ""
) -> HTMLResponse:
    return page("unsubscribe", language, status, state=state, shop_name=shop_name, channel=channel, fewer_url=fewer_url)
